# Kontrollrum, and the pages beside it: the demo only.

room-sub = Kommunportal, demo
room-nav-start = Start
room-nav-letters = Mailbox
room-heading = Try both sides of a case
room-lead = Here you choose who you are, see what happens between the systems, and can break things. All people are invented and nothing leaves this computer.

room-people = Be somebody
room-people-text = One press logs you in. You can be a resident and a handler at the same time. The line at the top of every page leads back here.
room-become = Be { $name }
room-person-anna = Has four children and is the treasurer of a choir. For the choir she has one closed case, and one that waits for her answer.
room-person-camilla = Has protected identity. No address is shown, neither to her nor to the handler.
room-person-olena = Has a coordination number and is not in the population register, so she fills in more herself.
room-person-karin = Handles preschool places and has applications in her inbox.
room-person-eva = Handles grants for associations. She waits for an answer from Anna's choir.

room-person-empty-anna = Has four children. All that can be filled in for her is filled in.
room-person-empty-karin = Handles preschool places.
room-person-empty-eva = Handles grants for associations.

room-tour = A tour in five steps
room-tour-apply = Apply for a preschool place as Anna
room-tour-apply-text = Name, address and children are filled in already. Choose Saga and write anna@example.se where e-mail is asked for.
room-tour-apply-go = Begin to apply
room-tour-letter = Read the e-mail that came
room-tour-letter-text = The receipt is sent as soon as the application is in. It says no more than it needs to.
room-tour-letter-go = Open Anna's letters
room-tour-handle = Handle the application as Karin
room-tour-handle-text = The application is last in the inbox, since the oldest come first. Take the case, write a decision and close it.
room-tour-handle-go = Open Karin's inbox
room-tour-read = Read the decision as Anna
room-tour-read-text = Mina sidor says what has happened, why, and how to appeal.
room-tour-read-go = Open Anna's Mina sidor
room-tour-break = Break something
room-tour-break-text = Cut the line to the case system and send in a fault report. The queue fills. Mend it, and see it drain. Nothing is lost.
room-tour-break-go = To the switches

room-switches = Break and mend
room-switches-text = What residents have sent in is kept, whatever is broken. It arrives by itself when that is mended.
room-switch-navet = Navet down
room-switch-text-navet = The population register does not answer. Log in again and begin an application: the details are filled in by hand instead.
room-switch-mail = Mail down
room-switch-text-mail = No mail goes out. Send something in: the case is received all the same, and the letter waits.
room-switch-desk = Case system down
room-switch-text-desk = The portal cannot reach it. What is sent in waits in the queue. The handlers' own pages can be opened, but nothing new comes in.
room-switch-slow = Slow
room-switch-text-slow = All systems around the portal answer one and a half seconds late.
room-switch-broken = Broken now
room-switch-break = Break
room-switch-mend = Mend
room-switch-mend-all = Mend everything

room-now = Right now
room-now-renew = Show again
room-queues = Waiting to arrive
room-queues-unknown = What waits cannot be seen just now.
room-queue-deliveries = Cases for the case system
room-queue-letters = E-mails to residents
room-queue-events = News from the handlers
room-examples = The example cases are being made: { $done } of { $of } are ready.
room-examples-given-up = Some of the example cases were not finished. They are completed the next time the demo starts.
room-letters = Latest e-mails
room-letters-none = No letters yet.
room-letters-all = All letters ({ $count })
room-letters-to = Letters to
room-letters-show = Show
room-letters-more = The latest { $count } are shown.
room-letter-to = To { $to }
room-letter-from = From
room-letter-for = To
room-letter-at = Received
room-letter-files = Attachments
room-letter-links = Links in the letter
room-letter-looks = What the letter looks like
room-letter-text = The letter as plain text
room-letter-source = The letter exactly as it came

room-places = More to look at
room-place-administration = Administration: deliveries and the day's balance (log in as Henrik Ekmark)
room-place-ops = Operations: health and metrics
room-place-municipality = { $name }: another municipality in the same installation
room-addresses = Addresses that letters do not reach
room-addresses-text = An address that begins with avvisas@ is refused for ever. One that begins with senare@ is refused for now, so that the sender tries again.

log-in-test = Test log-in
log-in-test-sub = In place of BankID
