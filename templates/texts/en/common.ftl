## Page frame
skip-to-content = Skip to main content
brand-sub = E-services
nav-label = Main menu
nav-services = E-services
nav-my-pages = My pages
sign-in = Log in
sign-out = Log out
signed-in-as = Logged in as
acting-for = for { $name }
back = Back
breadcrumb-label = You are here
title-error-prefix = Error:
demo-name = Demo
demo-text = invented people
demo-side-portal = Residents
demo-side-desk = Handlers
demo-side-control-room = Control room
footer-contact = Contact
footer-about = About this website
footer-accessibility = Accessibility
footer-personal-data = Personal data
footer-urgent = Emergency
footer-urgent-text = Call 112 if life, property or the environment is in danger. Call 1177 for health care advice.
footer-cookies = We only use cookies that are needed for log-in, drafts and language. Nobody tracks you here.
footer-request-id = Page number:
desk-name = Case desk
desk-nav-inbox = Inbox
desk-nav-mine = My cases
desk-nav-search = Search
session-heading = Are you still there?
session-text = You will soon be logged out because you have not done anything for a while. What you have saved is kept.
session-renew = Stay logged in
session-last-heading = Your time is nearly over
session-last = You will be logged out at { $time }, when you have been logged in for eight hours. What you have saved is kept. Log in again to go on.
session-close = Close

## Forms
optional = (optional)
error-prefix = Error:
error-summary-title = There is something to correct
change = Change
not-answered = Not answered
not-known = Not available
field-choose = Choose
field-year = Year
field-month = Month
field-day = Day
field-maxlength = At most { $count } characters.
field-refresh = Update the questions
file-saved = saved
file-remove = Remove
group-add = Add another
group-remove = Remove
place-use-mine = Use my location
place-busy = Finding your location.
place-done = The location is saved together with your description.
place-failed = Your location could not be found. Please describe it in the box instead.
draft-saved = Saved { $time }
draft-not-saved = Nothing saved yet
draft-save-failed = Not saved right now, we will try again
draft-not-sent = not submitted yet
draft-law = A saved draft does not count as received by the municipality.
draft-deleted-on = The draft will be deleted on { $date }.
step-of = Step { $current } of { $total }

## Content
minutes = { $count ->
    [one] About 1 minute
   *[other] About { $count } minutes
}
login-needed = Requires e-identification
login-not-needed = No log-in needed
service-count = { $count ->
    [one] 1 e-service
   *[other] { $count } e-services
}
task-done = Completed
task-started = Started
task-todo = Not started
task-later = Cannot start yet
search-button = Search
pagination-label = Pages
pagination-previous = Previous
pagination-next = Next
pagination-page = Page { $page }
confirmation-reference = Your case number
next-move-you = It is your turn
next-move-municipality = It is the municipality’s turn
next-move-other = We are waiting for someone else
next-move-none = The municipality has finished
message-label = Write a message
message-hint = Do not write sensitive information about someone else.
message-files = Attach files
message-send = Send the message
message-new = New

## Status of a case
status-received = Received
status-registered = Registered
status-assigned = Case officer appointed
status-in-progress = Being processed
status-supplement-needed = More information needed
status-supplement-received = More information received
status-awaiting-decision = Awaiting decision
status-decided = Decision made
status-appealed = Appealed
status-enforced = Decision carried out
status-paused = On hold
status-transferred = Transferred
status-withdrawn = Withdrawn
status-rejected-formally = Dismissed
status-closed = Closed

## What has happened at whoever handles the case
event-kind-registered = Registration
event-kind-status-changed = New status
event-kind-handler-assigned = Handler
event-kind-due-date-changed = Day of decision
event-kind-message-sent = Message
event-kind-supplement-requested = Request for more
event-kind-supplement-resolved = Answer to a request for more
event-kind-hearing-requested = Hearing
event-kind-document-published = Document
event-kind-document-withdrawn = Document taken back
event-kind-decision-made = Decision
event-kind-decision-served = Service
event-kind-appeal-received = Appeal
event-kind-transferred = Hand-over
event-kind-closed = End
event-kind-reopened = Opened again
