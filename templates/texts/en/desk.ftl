## Inbox and search
desk-inbox-heading = Inbox
desk-inbox-caption = Cases in your units, oldest first
desk-mine-heading = My cases
desk-mine-caption = Cases that you have, oldest first
desk-filter-show = Show
desk-filter-unit = Unit
desk-filter-status = Status
desk-filter-go = Show
desk-show-all = All open
desk-show-unread = New
desk-show-free = Nobody has them
desk-show-mine = Mine
desk-all-units = All my units
desk-all-open = All open
desk-col-errand = Case
desk-col-type = About
desk-col-from = From
desk-col-status = Status
desk-col-handler = Case handler
desk-col-received = Received
desk-empty = No cases are waiting
desk-empty-text = Cases in your units appear here as they come in.
desk-empty-filtered = No cases match
desk-empty-filtered-text = Choose another unit or status.
desk-empty-show-all = Show all open
desk-search-heading = Find a case
desk-search-label = Find a case
desk-search-hint = Registration number, case number, name or words of the title
desk-search-caption = Cases found, newest first
desk-search-count = { $count ->
    [one] 1 case found
   *[other] { $count } cases found
}
desk-search-none = No case found
desk-search-none-text = The search covers your units' cases. Names of people with protected identity cannot be searched for.
desk-protected = Protected identity
desk-protected-text = Show the case to nobody else. That you read it is noted with the reason that you gave.
desk-unchecked = Protection not checked
desk-strict = Strict secrecy
desk-anonymous = No name
desk-nobody = Nobody
desk-gone = Unknown case handler
desk-attention-new = New
desk-attention-message = New reply
desk-attention-supplement = Supplement
desk-attention-withdrawn = Withdrawn

## The case
desk-on-page = On this page
desk-back-inbox = Inbox
desk-fact-number = Registration number
desk-fact-reference = The applicant's case number
desk-fact-received = Reached the municipality
desk-fact-registered = Registered here
desk-undelivered = { $count ->
    [one] One event has not reached the e-service yet. It is sent again by itself.
   *[other] { $count } events have not reached the e-service yet. They are sent again by themselves.
}
desk-places = Place
desk-source-login = From the log-in
desk-source-navet = From the population register
desk-source-register = From a register
desk-source-settings = From the applicant's settings
desk-source-computed = Calculated
desk-role-applicant = Applicant
desk-role-child = Child
desk-role-contact = Contact person
desk-role-representative = Represented by
desk-role-guardian = Guardian
desk-party-name = Name
desk-party-personal-number = Personal identity number
desk-party-coordination-number = Coordination number
desk-party-organisation-number = Organisation number
desk-party-provisional-id = Foreign identity
desk-party-email = E-mail
desk-party-phone = Telephone
desk-party-channel = Wants to be told
desk-channel-portal = On My pages
desk-channel-letter = By letter
desk-channel-email = By e-mail
desk-channel-phone = By phone
desk-channel-none = Wants no answer
desk-party-login = Proved identity
desk-party-login-text = { $method }, { $at }
desk-party-mandate = Authority
desk-party-mandate-said = According to
desk-party-mandate-said-text = { $source }, { $at }
desk-mandate-open = The authority needs to be checked
desk-mandate-guardian = Guardian
desk-mandate-signatory-sole = Signatory, alone
desk-mandate-signatory-joint = Signatory, together with others
desk-mandate-mina-ombud = Holder of a power of attorney
desk-mandate-declared = Says that she may represent
desk-mandate-source-population-register = The population register
desk-mandate-source-company-register = The register of companies
desk-mandate-source-mina-ombud = Mina ombud
desk-mandate-source-self-declared = Whoever sent it in
desk-documents = Documents
desk-no-documents = No documents belong to the case.
desk-file-kind-submission-pdf = The application as PDF
desk-file-kind-attachment = Attachment
desk-file-infected = Holds harmful code and cannot be opened
desk-file-waiting = being fetched
desk-file-trying = being fetched again ({ $why })
desk-file-refused = could not be fetched ({ $why })
desk-messages = Messages
desk-no-messages = No messages yet.
desk-resident = The applicant
desk-message-kind-supplement = Supplement
desk-message-kind-withdrawal = Withdrawal
desk-message-kind-hearing-reply = Statement
desk-message-kind-decision-request = Request for a decision (section 12, Administrative Procedure Act)
desk-message-kind-appeal = Appeal
desk-write = Write to the applicant
desk-replies = Begin with a reply text:
desk-message-label = Message
desk-message-hint = The applicant reads it on My pages.
desk-message-send = Send the message
desk-no-my-pages-email = Whoever sent this in is anonymous and has no My pages. Write to the e-mail address above.
desk-no-my-pages-phone = Whoever sent this in is anonymous and has no My pages. Call the telephone number above.
desk-no-my-pages-none = Whoever sent this in is anonymous and wants no answer. What you write in the errand is read only here.
desk-message-empty = Write a message
desk-text-long-200 = The text is too long. Shorten it to at most 200 characters
desk-text-long-1000 = The text is too long. Shorten it to at most 1 000 characters
desk-text-long-10000 = The text is too long. Shorten it to at most 10 000 characters
desk-text-long-30000 = The text is too long. Shorten it to at most 30 000 characters
desk-form-incomplete = The form did not arrive whole. Send it again
desk-decisions = Decisions
desk-journal = Events
desk-actions = Actions
desk-who = Who has the case
desk-you = (you)
desk-take = Take the case
desk-give-back = Give it back
desk-assign = Assign to somebody else
desk-assign-label = Case handler
desk-assign-unknown = Choose a case handler in the unit
desk-assign-not-yours = Somebody else has the case. Only that person, or a manager, can pass it on.
desk-move = Move to another case type
desk-move-label = Case type
desk-move-hint = The case goes to the unit that has the case type. The registration number stays.
desk-move-unknown = Choose a case type that the municipality has
desk-status-change = Change status
desk-status-label = New status
desk-status-words = Text to the applicant
desk-status-unknown = Choose a status
desk-decide = Write a decision
desk-close = Close the case
desk-close-outcome = How did it end?
desk-close-words = Text to the applicant
desk-close-words-hint = Say how the case ended and what happens now.
desk-close-empty = Write a text to the applicant
desk-close-undecided = The case can be appealed. Write a decision before you close it that way.
desk-outcome-unknown = Choose how it ends
desk-reopen = Open again
desk-reopen-label = Why is the case opened again?
desk-reopen-hint = The applicant sees the reason.
desk-reopen-empty = Write why the case is opened again
desk-not-done = Nothing has been changed
desk-conflict = The case changed while you had the page open. Below you see how it is now. What you wrote is still in the form: read it through and send it again if it still holds.
desk-errand-closed = The case is closed. Open it again if more is to be done.
desk-cancel = Cancel

## Protected identity
desk-reason-heading = The case concerns somebody with protected identity
desk-reason-text = You may open the case if you need it for your work. Say why. The reason is kept in the reading log with your name.
desk-reason-label = Why do you open the case?
desk-reason-hint = For example: I am handling the application.
desk-reason-open = Open the case
desk-reason-short = Write why you open the case, with at least ten characters

## Decisions
desk-decision-heading = Decision
desk-decision-outcome = How does the case end?
desk-decision-text = Decision
desk-decision-text-hint = Write what is decided, so that the applicant understands it.
desk-decision-empty = Write what is decided
desk-decision-why = Reasons
desk-decision-why-hint = Which circumstances and rules have settled it?
desk-decision-reasons = Write why, because the decision goes against the applicant
desk-decision-basis = Provisions
desk-decision-basis-hint = One on each line, for example 2010:800, 8 kap. 12 §
desk-decision-law = Write one provision on each line: the number of the act, a comma and the section
desk-decision-instructions = How to appeal
desk-decision-instructions-hint = The text goes out with the decision. Change it only if it does not fit.
desk-decision-appeal = Write how the decision is appealed
desk-decision-final = When you have made the decision it is sent to the applicant. It cannot be changed afterwards.
desk-decision-make = Make the decision
desk-outcome-approved = Approved
desk-outcome-partly-approved = Partly approved
desk-outcome-rejected = Rejected
desk-outcome-dismissed = Dismissed
desk-outcome-written-off = Written off
desk-outcome-answered = Done or answered
desk-appeal-fl =
    You can appeal the decision to { $court }. Write to the court but send the appeal to { $board }, which has made the decision:

    { $authority }, { $board }
    { $address }
    { $email }

    The appeal must arrive within three weeks of the day you took part of the decision. If it arrives too late it may not be tried.

    Write
    - which decision you appeal: { $number }
    - how you want the decision changed and why
    - your name, address and telephone number.

    Enclose documents that you think support what you write.
desk-appeal-kl =
    The decision can be tried for legality under chapter 13 of the Local Government Act. Every member of the municipality can ask for it. The court tries only whether the decision is lawful, not whether it is suitable.

    The appeal must be in writing and sent to { $court }. It must reach the court within three weeks of the day when it was announced on the municipality's notice board that the minutes of the decision had been approved.

    Write
    - which decision you appeal: { $number }, { $authority }, { $board }
    - why you think that the decision is not lawful
    - your name, address and telephone number.

    Questions are answered by { $authority }, { $email }, { $address }.

## Events
desk-journal-registered = Registered as { $number }: { $type }, { $unit }
desk-journal-fallback = The case type { $wished } does not exist here. The case must be assigned
desk-journal-taken = { $name } has the case
desk-journal-returned = Nobody has the case
desk-journal-moved = Moved to { $type }, { $unit }
desk-journal-status = Status: { $status }
desk-journal-message-out = Message sent
desk-journal-message-in = { $kind ->
    [hearing_reply] A statement has come in
    [decision_request] The applicant asks for a decision under section 12 of the Administrative Procedure Act
    [appeal] An appeal has come in
   *[other] The applicant has written
}
desk-journal-supplement = { $documents ->
    [0] A supplement has come in
    [one] A supplement has come in with 1 document
   *[other] A supplement has come in with { $documents } documents
}
desk-journal-withdrawal = The applicant has withdrawn the case
desk-journal-decision = Decision: { $outcome }
desk-journal-closed = Closed: { $outcome }
desk-journal-reopened = Opened again
desk-journal-document-refused = The file { $name } could not be fetched ({ $why })
desk-journal-event-rejected = The e-service did not accept the event { $event } ({ $why })

## Log-in
error-not-staff-title = You are not among the case handlers here
error-not-staff-text = Your log-in is valid, but nobody with that account has access to the case desk in this municipality.
error-not-staff-way-on = Ask your manager or the municipality's system administrator to add you. Check also that you are at your own municipality's address.
error-no-errands-title = You do not work with cases here
error-no-errands-text = Your account has no unit or no role as a case handler, so there are no cases to show.
error-no-errands-way-on = Ask your manager or the municipality's system administrator if this is not right.
desk-signatures = Signatures
desk-signature-missing = A signature is missing
desk-signature-signature = Signature with electronic identification
desk-signature-approval = Approval with electronic identification
desk-signature-reauthentication = Renewed identification
desk-signature-declined = Has declined to sign
desk-signature-unanswered = Did not sign in time
desk-signature-by-hand = Cannot be asked in the portal. Obtain the signature in another way.
desk-signature-withdrawn = The case was taken back before the signature
desk-signature-unnamed = The name is not shown
