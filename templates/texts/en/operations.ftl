admin-nav-statuses = Statuses
admin-nav-connections = Connections
admin-yes = Yes
admin-no = No
admin-masked = hidden
admin-kind = Type
admin-reference = Case
admin-sender = Sender
admin-count = Number
admin-last = Latest
admin-example = Example

## Receivers
admin-target-kind-contract = The contract over HTTP, we send
admin-target-kind-polled = The contract over HTTP, the system fetches
admin-target-kind-folder = Folder
admin-target-kind-email = Letter to a registrar
admin-target-kind-rest-example = An interface of its own, translated
admin-target-sends = Sending
admin-target-fetches = Fetches by itself
admin-target-stopped = Stopped
admin-waiting = Waiting
admin-oldest = the oldest for { $age }
admin-age-moment = less than a minute
admin-age-minutes = { $count ->
    [one] 1 minute
   *[other] { $count } minutes
}
admin-age-hours = { $count ->
    [one] 1 hour
   *[other] { $count } hours
}
admin-age-days = { $count ->
    [one] 1 day
   *[other] { $count } days
}
admin-accepted = Accepted, not registered
admin-throughput = Registered
admin-throughput-text = { $hour } in the last hour, { $day } in the last day
admin-failures = { $count ->
    [one] The last attempt failed.
   *[other] The last { $count } attempts failed.
}
admin-ask-now = Ask { $name } again now
admin-resume = Resume { $name }
admin-pause = Pause { $name }
admin-pause-why = Why is nothing to be sent?
admin-pause-hint = Write nothing about any person. Everybody with access to the administration sees it.
admin-error-why-pause = Enter why nothing is to be sent

## A delivery
admin-sent-to = Sent to
admin-its-events = The case's events
admin-files = Documents
admin-files-text = Fetch only what you need to register. Each fetch is written in the log.
admin-files-closed = The receiver fetches the documents. They can be fetched here when the case has to be registered by hand.
admin-file-receipt = Receipt
admin-file-attachment = Attachment
admin-file-from-municipality = From the municipality
admin-content = Content
admin-content-text = The content is { $size } and is sent the same at every attempt. That you read it is written in the log.
admin-content-show = Show the content
admin-content-masked = Personal details, answers and free text are hidden.
admin-content-none = The content is put together when the delivery is first sent.
admin-content-protected = Somebody in the case has protected personal details. The content is not shown here.
admin-letter-heading = Register
admin-letter-text = Fetch the documents, register the case in the diary and enter the diary number here. The resident sees it on My pages.
admin-letter-later = Fetch the documents, add them to the case in the diary and confirm here.
admin-letter-done = It is registered
admin-error-number = Enter the diary number
admin-cancel-heading = Do not send
admin-cancel-text = The delivery is cancelled for good. If it is the case itself, what follows in it is cancelled too. If the receiver has the delivery already, it stays there.
admin-cancel-why = Why it is not to be sent
admin-cancel = Cancel the delivery
admin-error-why-cancel = Enter why it is not to be sent

## Events
admin-events-title = Events
admin-events-text = All that receivers have sent and we have taken, the latest first. What was refused is not kept; the sender was told why.
admin-events-case = Case
admin-events-case-hint = The reference EK-… or the id in the portal
admin-events-any = All
admin-events-from = From
admin-events-until = Until
admin-events-day-hint = For example 2026-11-22
admin-error-fran = Enter the first day like this: 2026-11-22
admin-error-till = Enter the last day like this: 2026-11-22
admin-fate-all = All
admin-fate-text-applied = The event holds.
admin-fate-text-stale = A newer event about the same thing had come already. This one is in the history.
admin-fate-text-held = The case was closed when it came. It holds if the case is opened again.
admin-fate-text-parked = The case is not known as the receiver's yet. It is applied by itself when the registration comes, and is given up after a quarter of an hour.
admin-fate-text-unmapped = The code has no row in the table, or the decision has no instructions for appeal. The resident sees the status she had.
admin-fate-text-dead = The case did not become known in time. It is applied by itself if the case becomes known.
admin-event-title = Event
admin-event-received = Came
admin-event-fate = Outcome
admin-event-code = Code
admin-event-unknown-case = Unknown case
admin-event-did = What it did
admin-event-visible = It stands in the case's timeline, where the resident sees it.
admin-event-hidden = It stands in the case's timeline, hidden from the resident.
admin-event-no-row = It has no row of its own in the case's timeline.
admin-event-envelope = Envelope
admin-event-data = Data
admin-event-no-data = No data.
admin-event-run-heading = Run again
admin-event-run-text = All that waits in the case is applied, if the receiver has registered it.
admin-event-run = Run again
admin-event-replay-heading = Replay the case
admin-event-replay-text = The case's stored events are applied anew in the order in which they came, with the table of today. Nobody is notified.
admin-event-replay = Replay the events
admin-event-ask-heading = Ask the receiver to send again
admin-event-ask-text = The receiver gets a notice to send the case's events once more. What is known already does not count twice.
admin-event-ask = Ask for the events again
admin-event-told-kord = What was waiting has been applied.
admin-event-told-vantar = The case is not registered with the receiver. The event is still waiting.
admin-event-told-uppspelad = The case's events have been replayed. Nobody was notified.
admin-event-told-begard = The receiver has been given a notice.

## Statuses
admin-table-text = Changed in the file
admin-no-table = No table. Every code that comes will be unknown.
admin-shown-as = Shown as
admin-case-type = Case type
admin-all-types = All
admin-tells = Notifies
admin-in-timeline = In the timeline
admin-from = from { $day }

## Connections
admin-connections-text = The systems that take cases, and the keys they have. What stands in the settings is changed there and never shown.
admin-rotate-heading = How to change a key without a gap
admin-rotate-text = Make a new one, put it into the system, see that it is used, and then revoke the old one. Two of each kind can be valid at once, and both are until you revoke one.
admin-from-settings = From the settings
admin-set-token = { $count ->
   *[other] Access token
}
admin-set-secret-in = { $count ->
    [one] 1 secret for what the system sends
   *[other] { $count } secrets for what the system sends
}
admin-set-secret-out = { $count ->
    [one] 1 secret for what we send
   *[other] { $count } secrets for what we send
}
admin-set-oauth2 = { $count ->
   *[other] OAuth 2.0 at the system
}
admin-set-certificate = { $count ->
   *[other] Client certificate
}
admin-key-token = Access token
admin-key-token-text = The system reads and fetches with it.
admin-key-secret-in = Signing secret
admin-key-secret-in-text = The system signs what it sends to us.
admin-key-client = Client
admin-key-client-text = The system exchanges it for access tokens that last for ten minutes (OAuth 2.0 client credentials).
admin-key-none = None has been issued here.
admin-key-issue = Make a new one
admin-key-full = Two are valid. Revoke one to be able to make another.
admin-key-two-alive = { $system } has two keys of the kind { $kind } already. Revoke one first.
admin-key-made = Made { $time } by { $who }
admin-key-used = Last used { $time }
admin-key-unused = Not used
admin-key-over = Keys that are no longer valid
admin-key-ended = Revoked { $time } by { $who }
admin-key-new = New key
admin-key-once = It is shown only now. Copy it to the system before you leave this page.
admin-key-system = System
admin-key-itself = Key
admin-key-saved = I have copied it
admin-key-revoke = Revoke
admin-key-revoke-title = Revoke the key
admin-key-revoke-text = The key ends at once. If { $system } uses it, its calls are refused until it has another.
admin-key-last-used = Last used
admin-said-no-connection = No connection
admin-said-no-answer = No answer in time
admin-said-connection-broke = The connection broke
admin-said-certificate = The certificate is not accepted
admin-said-worker-stopped = Stopped in the middle with the worker
admin-said-unreadable-answer = The answer cannot be read
admin-said-no-token = No access token was given
