## My pages
my-pages-title = My pages
my-pages-nav = My pages
my-pages-nav-overview = Overview
my-pages-nav-drafts = Drafts
my-pages-nav-messages = Messages
my-pages-nav-settings = Settings
my-pages-refused-heading = We cannot reach you by e-mail
my-pages-refused-text = The e-mail we sent to { $email } came back, so you get no notices there. Everything is still here on My pages.
my-pages-refused-link = Check your e-mail address
my-pages-waiting = Waiting for you
my-pages-waiting-news = New in your cases
my-pages-waiting-none = There is nothing you need to do right now.
my-pages-news = New: { $what }
my-pages-news-changed = The case has changed
my-pages-drafts = Drafts
my-pages-drafts-all = See and remove drafts
my-pages-open = Open cases
my-pages-closed = Closed cases
my-pages-empty = You have no cases here yet
my-pages-empty-text = When you have submitted something through an e-service you can follow it here.
my-pages-older = Show older cases
my-pages-newest = To the latest cases
my-pages-anonymous = Cases that you submitted without signing in are not shown here.
my-pages-card-reference = Case number
my-pages-card-diary = Registration number { $number }
my-pages-card-updated = Last changed { $date }

## Drafts
drafts-title = Drafts
drafts-lead = The municipality does not see your answers until you submit them.
drafts-continue = Continue
drafts-remove = Remove
drafts-none = You have no drafts
drafts-none-text = When you begin to fill in an e-service your answers are saved here until you submit them.

## All messages
messages-title = Messages
messages-unread = { $count ->
    [0] You have read all messages.
    [one] You have 1 unread message.
   *[other] You have { $count } unread messages.
}
messages-none = You have no messages
messages-none-text = When the municipality writes to you about a case you see it here. To write yourself, open the case.

## Settings
settings-title = Settings
settings-lead = Choose how the municipality reaches you. You may leave the fields empty.
settings-email = E-mail address
settings-email-hint = We send receipts here and tell you when there is something new. The mail never says what you or the municipality have written in the case.
settings-email-wrong = Write the e-mail address like this: name@example.com
settings-phone = Telephone number
settings-phone-hint = The case officer may call if something is unclear.
settings-phone-wrong = Write a telephone number, for example 070-123 45 67
settings-channel = How do you want to be told?
settings-channel-mina-sidor = Here on My pages
settings-channel-mina-sidor-hint = We send an e-mail when there is something new, if you have given an address.
settings-channel-brev = By letter
settings-channel-brev-hint = You can still read everything here.
settings-channel-missing = Choose how you want to be told
settings-new-cases = These details are filled in for you the next time you use an e-service. Cases that you have already submitted do not change. Write a message in the case if the case officer needs to know.
settings-save = Save
settings-saved = Your settings are saved.
settings-refused-text = E-mail to the address below comes back. Check that it is right, or give another.
settings-kept = You have identified yourself. What you wrote is still here. Choose Save again.
settings-logins = See where you are logged in, and log out

## Where she is logged in
logins-title = Where you are logged in
logins-lead = Every login that is valid now. Log out on devices that you do not use.
logins-here = This device
logins-unknown = Unknown browser
logins-begun = Logged in { $time }
logins-method = With { $method }
logins-seen = Last used { $time }
logins-end = Log out this one
logins-end-here = Log out here
logins-end-others = Log out all others
logins-ended = You have been logged out there.
logins-strange = Is there a login that you do not recognise? Log it out and contact whoever issued your e-identification. Contact the municipality too.

## A case
case-outcome = Result: { $outcome }.
case-answer-now = Answer here on the page
case-decision = Decision
case-messages = Messages
case-messages-none = There are no messages yet.
case-messages-closed = The case is closed or handed over, so no more messages can be written here. Contact us if you have questions.
case-events = What has happened
case-documents = Documents
case-receipt = Receipt
case-receipt-soon = The receipt is being made. Reload the page in a little while.
case-given-files = From the municipality
case-own-files = Files that you sent
case-sent = What you submitted
case-sent-show = Show your answers
case-about = About the case
case-reference = Case number
case-diary = Registration number
case-diary-none = None yet. You get it when the case is registered.
case-received = Received by the municipality
case-unit = Handled by
case-unit-unknown = Not decided yet
case-handler = Case officer
case-handler-email = E-mail to the case officer
case-handler-phone = Telephone to the case officer
case-trail = Where is the case?
case-contact = Do you have questions?
case-contact-text = Write in the case, or contact the municipality. Mention the case number { $reference }.
case-notice-sent = Your message is sent.
case-notice-withdrawn = You have withdrawn the case.

trail-received = Received by us
trail-registered = Registered in { $receiver }
trail-waiting = On its way to the case officer’s system. Safe with us meanwhile.
trail-late = Waiting until the case officer’s system answers. Safe with us meanwhile.
trail-down = Your case is safe with us, and it counts as received on { $date }.

message-from-you = You
message-from-municipality = The municipality
message-no-reply = You need not answer this message.
message-empty = Write your message
message-too-long = The text is too long. Shorten it to at most { $count } characters.

## Whose turn it is
case-answered = You have answered
case-supplement-answered = The municipality asked for more, and you have answered. Now the case officer looks at it.

turn-supplement = Read the latest message from the municipality and answer here on the page.
turn-you = The municipality is waiting for you. Read the latest message here on the page.
turn-municipality = You need not do anything. We will be in touch if we need something from you.

## Decisions
decision-version = The decision has been changed. This is version { $version }.
decision-reasons = Why we decided so
decision-law = Laws that the decision rests on
decision-by = Decided by
decision-automated = The decision was made automatically
decision-date = Date
appeal-heading = If you do not agree
appeal-fl-how = You can appeal if the decision has gone against you. Write which decision you appeal, how you want it changed and why. Send the appeal to the municipality, not to the court. We check that it arrived in time and then pass it on to { $court }.
appeal-fl-when = { $weeks ->
    [one] The appeal must reach the municipality within one week from the day you were given the decision by the municipality.
    [3] The appeal must reach the municipality within three weeks from the day you were given the decision by the municipality.
   *[other] The appeal must reach the municipality within { $weeks } weeks from the day you were given the decision by the municipality.
}
appeal-fl-safe = If the appeal arrives no later than { $date } it is certainly in time.
appeal-fl-served = When you open this page we do not record it as formal service of the decision. Ask the case officer if you are unsure which day applies.
appeal-kl-how = As a member of the municipality you can ask the court to examine whether the decision is lawful (laglighetsprövning). Write which decision you appeal and why you hold that it is against the law. Send the appeal to { $court }.
appeal-kl-when = { $weeks ->
    [one] The appeal must reach the court within one week from the day the minutes were announced on the municipality’s notice board. The day is stated on the notice board.
    [3] The appeal must reach the court within three weeks from the day the minutes were announced on the municipality’s notice board. The day is stated on the notice board.
   *[other] The appeal must reach the court within { $weeks } weeks from the day the minutes were announced on the municipality’s notice board. The day is stated on the notice board.
}

## Withdrawing a case
withdraw-link = Withdraw the case
withdraw-title = Do you want to withdraw the case?
withdraw-back = To the case
withdraw-means = What this means
withdraw-means-stop = The municipality stops handling the case and makes no decision on what you applied for.
withdraw-means-final = You cannot undo it here. Contact the municipality if it was a mistake.
withdraw-means-again = You can submit a new case whenever you like, but then the day the new one arrives is what counts.
withdraw-means-kept = What you have submitted stays with the municipality as an official document.
withdraw-instead = Do you only want to change something? Write a message in the case instead.
withdraw-reason = Tell us why
withdraw-button = Withdraw the case
withdraw-keep = No, keep the case
withdraw-message = I withdraw my case.

## Faults
error-case-over-title = The case has moved on
error-case-over-text = The case is decided or closed, so it cannot be changed from here. What you sent last is not saved.
error-case-over-way-on = Open the case on My pages and see where it stands. Contact us if something is wrong.

## What each status means and what happens next
status-received-text = The municipality has received your case.
status-received-next = The municipality registers the case.
status-registered-text = The case has a diary number at the municipality.
status-registered-next = A case officer will take care of the case.
status-assigned-text = A case officer is now responsible for your case.
status-assigned-next = The case officer looks at the case.
status-in-progress-text = The municipality is working on your case.
status-in-progress-next = The case officer continues. You do not need to do anything now.
status-supplement-needed-text = The municipality needs more information from you.
status-supplement-needed-next = Send what the municipality has asked for.
status-supplement-received-text = The municipality has what you sent.
status-supplement-received-next = The case officer looks at what you have sent.
status-awaiting-decision-text = The case has been investigated and awaits a decision.
status-awaiting-decision-next = The municipality makes a decision.
status-decided-text = The municipality has made a decision in your case.
status-decided-next = Read the decision. It says how to appeal if you are not satisfied.
status-appealed-text = The decision has been appealed.
status-appealed-next = The municipality checks that the appeal came in time and passes it on.
status-enforced-text = What was decided has been carried out.
status-enforced-next = You do not need to do anything more.
status-paused-text = The case is paused for a time.
status-paused-next = The municipality contacts you when the case is taken up again.
status-transferred-text = The case has been handed over to another unit or authority.
status-transferred-next = Whoever has taken over the case will contact you.
status-withdrawn-text = You have withdrawn the case.
status-withdrawn-next = You do not need to do anything more.
status-rejected-formally-text = The municipality has dismissed the case and will not examine it.
status-rejected-formally-next = Read the decision. It says how to appeal if you are not satisfied.
status-closed-text = The case is closed.
status-closed-next = You do not need to do anything more.

## The timeline
case-event-received = Your case was received
case-event-registered = The case is registered
case-event-registered-text = Diary number { $number }
case-event-message = Message from the municipality
case-event-own-message = You sent a message
case-event-document = New document
case-event-decision = Decision
case-event-closed = The case is closed
case-event-reopened = The case is open again
case-event-withdrawn = You withdrew the case
case-outcome-approved = Granted – you got what you applied for
case-outcome-partly-approved = Partly granted – you got some of what you applied for
case-outcome-rejected = Refused – you did not get what you applied for
case-outcome-dismissed = Dismissed – the municipality could not examine the case
case-outcome-written-off = Written off – the case was closed without a decision on the matter
case-outcome-answered = Dealt with or answered
case-handler-unnamed = A case officer
case-handler-none = No case officer has been appointed yet

## Signatures
my-pages-to-sign = Waiting for your signature
my-pages-to-sign-link = Read and sign
case-signatures = Signatures
case-signers = Others who are to sign
case-signers-waiting = Waiting for a signature
case-signers-waiting-text = The municipality has received what you sent. It is handled when everybody who is to sign has answered.
case-signatures-fail = A signature cannot be confirmed
case-signatures-fail-text = Something is wrong with what is kept of the signature. The municipality has been told. Contact us if you wonder.
case-receipt-test = Test a receipt

## What the municipality asks for
asked-title = What the municipality asks of you
asked-title-over = What the municipality has asked of you
asked-supplement = More is needed
asked-supplement-over = Additional information
asked-hearing-over = Comments before the decision
asked-hearing = Read and respond before the municipality decides
asked-supplement-answer = Send what is needed
asked-hearing-answer = Give your comments
asked-due = Answer by { $date }.
asked-late = The time is up. You can still answer, but it is not certain that the municipality can take it into account.
asked-consequence = If you do not answer: { $text }
asked-again = This is still missing
asked-show = Show what the municipality asked for
asked-state-open = Waiting for your answer
asked-state-submitted = You have answered
asked-state-accepted = Done
asked-state-expired = The time is up
asked-state-cancelled = Not needed any more
turn-asked = The municipality asks you for something. Read what and answer here on the page.
turn-confirm = Read the decision and confirm that you have read it.
case-due = A decision is expected by { $date }.
message-thread = What is your message about?
message-thread-new = Something else
decision-replaced = Replaced by a new decision
decision-served = You received the decision on { $date }.
decision-confirm-text = The municipality needs to know that you have received the decision. The time to appeal is counted from the day you confirm. Only opening the page does not count.
decision-confirm = I have received the decision
appeal-link = Appeal the decision
appeal-link-more = Add to the appeal
decision-appealed = You have appealed. The appeal came in { $time }.
appeal-fl-last = The appeal must have arrived by { $date }.
case-notice-answered = The municipality has your answer. It arrived { $time }.
case-notice-appealed = The municipality has your appeal. It arrived { $time }.
case-notice-hurried = The municipality has your request. It arrived { $time }.
case-notice-confirmed = You have confirmed that you have received the decision.
case-event-due-date = No day for a decision is set
case-event-supplement = The municipality asks for more
case-event-supplement-accepted = What you sent is enough
case-event-supplement-insufficient = What you sent is not enough yet
case-event-supplement-expired = The time to send more is up
case-event-supplement-cancelled = Nothing more is needed
case-event-hearing = You may comment before the municipality decides
case-event-document-withdrawn = A document has been removed
case-event-served = You have received the decision
case-event-appealed = An appeal has arrived
case-event-transferred = The case has been handed over
case-event-transferred-to = The case has been handed over to { $who }
case-event-own-supplement = You sent what was needed
case-event-own-hearing-reply = You gave your comments
case-event-own-decision-request = You asked the municipality to decide the case
case-event-own-appeal = You appealed
case-event-own-confirmation = You confirmed that you have received the decision
trail-submission = What you sent in
trail-supplement = Additional information
trail-message = Message
trail-hearing-reply = Comments
trail-withdrawal = Withdrawal
trail-decision-request = Request for a decision
trail-appeal = Appeal
trail-all = Show more that you sent
trail-down-heading = The case system is not answering right now

## Answering, appealing and asking for a decision
reply-asked = What the municipality asks for
reply-back = Back without sending
reply-files = Files
reply-files-other = Other files
reply-files-hint = You can choose several files. They are kept here until you send.
reply-files-save = Save the files and go on
reply-changed = The municipality changed what it asks for while you were writing. Read it once more and then send.
reply-item-missing = Add { $label }, or write why you cannot send it.
reply-supplement-heading = Send what is needed
reply-supplement-label = Write to the municipality
reply-supplement-hint = For example if something is missing, and why.
reply-supplement-button = Send
reply-supplement-empty = Add a file or write an answer
reply-supplement-bare = I send what you have asked for.
reply-hearing-heading = Give your comments
reply-hearing-label = Your comments
reply-hearing-hint = Write if something is wrong or missing in what the decision will rest on.
reply-hearing-button = Send the comments
reply-hearing-empty = Write your comments
reply-hearing-bare = See the attached files.
reply-appeal-heading = Appeal the decision
reply-appeal-lead = The municipality checks that the appeal has arrived in time and then passes it on to the court. It counts as arrived when you send it.
reply-appeal-by = It must have arrived by { $date }.
reply-appeal-late = The time ended on { $date }. You can still send it. The municipality checks whether the appeal has arrived in time.
reply-appeal-unknown = It must have arrived within the time that is stated in the decision.
reply-appeal-label = Your appeal
reply-appeal-hint = Write how you want the decision to be changed and why.
reply-appeal-button = Send the appeal
reply-appeal-empty = Write how you want the decision to be changed and why
reply-appeal-bare = I appeal the decision.
reply-hurry-link = Ask the municipality to decide the case
reply-hurry-heading = Ask the municipality to decide the case
reply-hurry-lead = Your case arrived on { $date }. After six months without a decision you can ask the municipality to decide it. Within four weeks the municipality must then either decide the case or refuse your request. You can appeal a refusal.
reply-hurry-once = You can ask for this once in each case.
reply-hurry-label = Write to the municipality
reply-hurry-hint = You do not have to write anything.
reply-hurry-button = Send the request
reply-hurry-bare = I ask you to decide my case under section 12 of the Administrative Procedure Act.
