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

## Signing
review-sign = Sign and send
review-sign-heading = Sign and send
review-sign-text = You sign with your electronic identification. When you have signed, it is sent to { $municipality } and is a document that the municipality has received.
sign-message = I sign { $title } to { $municipality }. Case number { $reference }. Control code { $code }.
sign-message-for = For { $name }.
sign-message-untitled = my case
sign-stopped-cancelled-title = The signing was cancelled
sign-stopped-cancelled-text = The signing was cancelled. Your case is saved but not sent.
sign-stopped-cancelled-way-on = Read it through and sign when you want to.
sign-stopped-level-title = It could not be signed
sign-stopped-level-text = The service needs an electronic identification with a higher level of assurance. Nothing has been sent, and everything you have written is kept.
sign-stopped-level-way-on = Choose another electronic identification and try again.
sign-stopped-session-title = The signature no longer counts
sign-stopped-session-text = The signing took too long, or something has been changed since you began to sign. Nothing has been sent, and everything you have written is kept.
sign-stopped-session-way-on = Read it through and sign again.
sign-stopped-identity-title = The signature could not be confirmed
sign-stopped-identity-text = We got no valid personal identity number or coordination number from your electronic identification. Nothing has been sent, and everything you have written is kept.
sign-stopped-identity-way-on = Choose another electronic identification, or contact the municipality.
sign-stopped-other-person-title = Another person signed
sign-stopped-other-person-text = It was signed by another person than the one who is logged in. Nothing has been sent.
sign-stopped-other-person-way-on = Sign with the electronic identification that you logged in with.
sign-stopped-unavailable-title = It is not possible to sign just now
sign-stopped-unavailable-text = The signing service does not answer just now. Nothing has been sent, and everything you have written is kept.
sign-stopped-unavailable-way-on = Try again in a while.
sign-stopped-technical-title = The signature could not be confirmed
sign-stopped-technical-text = The signature could not be confirmed. Nothing has been sent, and everything you have written is kept.
sign-stopped-technical-way-on = Try again, or contact the municipality.
signature-class-signature = Signature with electronic identification
signature-class-approval = Approval with electronic identification
signature-class-reauthentication = Renewed identification
signer-unnamed = A person whose name we do not show
signer-waiting = Waiting for a signature
signer-signed = Has signed
signer-declined = Has declined to sign
signer-unanswered = Did not sign in time
signer-by-hand = Cannot be asked here. The case officer takes care of it.
signer-withdrawn = Need not sign, the case has been withdrawn
signer-answer-by = By { $date }
done-signers = Others are to sign
done-signers-text = The municipality has received what you sent. It is handled when everybody has signed. Ask the other person to log in to My pages (Mina sidor) here and choose Sign.
cosign-title = Waiting for your signature
cosign-lead = Somebody has sent this to the municipality and needs your signature too. Read it through before you sign.
cosign-hidden = Address, telephone number, e-mail and personal identity number are not shown here.
cosign-heading = Sign
cosign-text = You sign with your electronic identification. The signature is about exactly what you see here, as it was sent to { $municipality }. Sign by { $date }.
cosign-button = Sign
cosign-decline = Decline
cosign-decline-text = If you do not want to sign, you can decline. The municipality then gets the case without your signature, and the case officer sees that you declined.
cosign-signed-text = The municipality has your signature. You need not do anything more.
cosign-over-text = There is nothing more for you to do here. Contact the municipality if something is wrong.
receipt-title-waiting = Waiting for a signature
receipt-lead-waiting = This is what you have sent to the municipality. Others are to sign. When everybody has answered you get a new receipt.
receipt-signatures = Signatures
receipt-code = Control code { $code }
receipt-code-text = With the code or this file anybody can test the receipt at { $address }
receipt-code-alt = QR code that leads to { $address }
