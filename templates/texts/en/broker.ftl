# The simulated broker: the page where BankID would be, and what it says in place of it.

broker-title-login = Test identification
broker-title-sign = Test signature
broker-title-approve = Test approval
broker-lead-login = { $client } asks you to identify yourself. Choose who you want to be.
broker-lead-sign = { $client } asks for your signature. Read what you are signing.
broker-lead-approve = { $client } asks you to approve something. Read what you are approving.
broker-message-login = Message from the service
broker-message-sign = This is what you sign
broker-message-approve = This is what you approve
broker-hash = Checksum of what is signed (SHA-256):

broker-who = Type someone
broker-who-pinned = The service has said who it must be
broker-person = Personal identity number or coordination number
broker-person-hint = Any valid number. Someone who is not on the list is unknown to the population register.
broker-person-staff = Employment
broker-person-staff-hint = The person’s id, an at sign and the organisation number, for example kaso01@2120009911.
broker-person-pinned-hint = Nobody else can be chosen.
broker-eid = E-identification
broker-eid-hint = It decides the level of assurance. Foreign e-identifications are further down the list, when the service accepts them.
broker-eid-bankid = BankID
broker-eid-freja = Freja+
broker-eid-pass = AB Svenska Pass
broker-level = Level of assurance
broker-level-usual = What the e-identification usually gives
broker-do-login = Identify
broker-do-sign = Sign
broker-do-approve = Approve
broker-cancel = Cancel

broker-age = { $age } years
broker-mark-coordination-number = coordination number
broker-mark-confidential = confidentiality marking
broker-mark-protected = protected population registration
broker-mark-emigrated = emigrated
broker-mark-missing = deregistered as missing
broker-mark-bound = linked to a Swedish number
broker-mark-unbound = claims a Swedish number without a link
broker-foreign = With a foreign e-identification
broker-foreign-hint = Through the Swedish eIDAS node. They have no Swedish number, or one that they have linked themselves.

broker-problem-nobody = Choose a person on the list or type one.
broker-problem-not-a-person = That is not a valid personal identity number or coordination number.
broker-problem-not-staff = That is not an employment. Type for example kaso01@2120009911.

broker-faults = How it is to go wrong
broker-faults-text = The service must cope with every answer from here, also those that should not come.
broker-error = Error code when you press Simulate a fault
broker-error-description = Description of the error
broker-fail = Simulate a fault
broker-other-level = Force another level
broker-other-level-hint = The answer gets this level, even if the service has not asked for it.
broker-other-level-no = No
broker-other-person = Let someone else answer
broker-other-person-hint = The answer will be about this person, although the service has said who it must be.

broker-front = Test identification
broker-front-text = This service plays e-identification. Start in the e-service that you want to log in to.
broker-refused = The identification cannot start
broker-refused-repeated = A part of the request occurs twice.
broker-refused-client = The request comes from a service that is not registered (client_id).
broker-refused-redirect = The address to return to is not registered for the service (redirect_uri).
broker-refused-object = The signed request cannot be read, and the address to return to is not known.
broker-refused-pushed = The request is too old, already used or mixed with other parameters. Start again in the e-service.
broker-refused-ticket = The page is too old. Start again in the e-service.
broker-logged-out = You are logged out
broker-logged-out-text = You can close the window.
broker-logout-refused = You cannot be logged out here
broker-logout-refused-text = The request is not as it should be. Close the browser if you are using a borrowed computer.
