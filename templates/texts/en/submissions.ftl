## Filling in
step-continue = Continue
step-save-change = Save the change
step-later = Save and continue later
anonymous-heading = You are submitting without signing in
anonymous-step = You need not say who you are. That is why the case is not shown on My pages. When you have submitted you get a case number to keep.
anonymous-draft = The draft is only in this browser, on this device.
anonymous-review = The case will not be shown on My pages. Keep the case number that you get when you have submitted. With it you can ask the municipality how things are going.

## Check your answers
review-title = Check your answers
review-lead = Read through before you submit. Choose Change if something is not right.
review-send-heading = Submit
review-send-text = This is submitted to { $municipality }. Once submitted it is an official document received by the municipality.

## Submitted
done-title = Submitted
done-heading = Thank you, we have received what you sent
done-received = Received { $time }
done-next = What happens now
done-email = We are sending a receipt to { $email }.
done-follow = On My pages you can follow the case, write to the case officer and download your receipt.
done-case = Follow the case
done-start = To the start page
done-print = Print
done-anonymous-heading = Keep the case number
done-anonymous-text = The case is not shown on My pages. Write the number down or print the page. You need it to ask how things are going.
done-questions = Do you have questions?
done-questions-text = Contact us and mention the case number { $reference }.

## Looking through the questions
look-title = The questions in { $service }
look-lead = Here you see the questions before you begin. Some questions are added depending on what you answer. Nothing is saved on this page.

## Files
file-empty = { $name } is empty. Choose another file.
file-too-large = { $name } is too large. A file may be at most { $limit }.
file-locked = { $name } is locked with a password. Remove the password and try again.
file-wrong-kind = { $name } is a kind of file that we cannot accept. Choose for example a PDF or a picture.

## The receipt
receipt-title = Receipt
receipt-lead = This is what you submitted to the municipality.
receipt-reference = Case number
receipt-received = Received by the municipality
receipt-municipality = Municipality
receipt-service = E-service
receipt-files = Attached files
receipt-proof = Control data
receipt-hash = Checksum (SHA-256)
receipt-version = Version of the form
receipt-page = Page {"{page}"} of {"{pages}"}
step-kept-after-log-in = You had been logged out. What you wrote is still here. Choose Continue to save it.
