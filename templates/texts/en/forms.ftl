## Answers that are missing
form-missing-text = Enter an answer: { $label }
form-missing-choice = Choose an answer: { $label }
form-missing-choices = Choose at least one answer: { $label }
form-missing-child = Choose which child it is about
form-missing-file = Upload a file: { $label }
form-missing-date = Enter a date: { $label }
form-missing-number = Enter a number: { $label }
form-missing-money = Enter an amount: { $label }
form-missing-place = Describe the place: { $label }
form-missing-email = Enter an e-mail address
form-missing-phone = Enter a telephone number

## Answers that cannot be taken
form-email = Enter the e-mail address in the form name@example.com
form-phone = Enter the telephone number with its area code, such as 070-123 45 67 or +44 20 7946 0000
form-postcode = Enter the postcode with five digits, such as 286 80
form-too-long = The text can be at most { $most } characters. Shorten it by { $over }.
form-too-short = Write a little more, at least { $least } characters
form-date-incomplete = Enter year, month and day, such as 2026 11 21
form-date-unreal = There is no such date. Check year, month and day, such as 2026 11 21.
form-date-passed = The date has passed. Choose today or a later day.
form-date-early = Choose { $day } or a later day
form-date-future = The date is in the future. Choose today or an earlier day.
form-date-late = Choose { $day } or an earlier day
form-number-whole = Enter a whole number in digits, such as 12
form-number-decimals = Enter the number in digits with at most { $decimals } decimals, such as 12.5
form-money-whole = Enter the amount in whole kronor in digits, such as 15 000
form-money = Enter the amount in kronor in digits, such as 15 000 or 99.50
form-below = It cannot be less than { $least }
form-above = It cannot be more than { $most }
form-personnummer-form = Enter the personal identity number with twelve digits: yyyymmdd-nnnn
form-personnummer-date = There is no such date in the personal identity number. Check the first eight digits.
form-personnummer-digit = A digit of the personal identity number is wrong. Check it against an identity card.
form-organisation-form = Enter the organisation number with ten digits: nnnnnn-nnnn
form-organisation-person = This is a personal identity number. Enter the organisation number of the association or company.
form-organisation-digit = A digit of the organisation number is wrong. It is on the decision from Skatteverket or Bolagsverket.
form-bankgiro-form = Enter the bankgiro number with seven or eight digits: nnn-nnnn or nnnn-nnnn
form-bankgiro-digit = A digit of the bankgiro number is wrong. It is in the agreement with the bank and on your invoices.
form-not-an-option = Choose one of the answers in the list
form-choose-at-least = Choose at least { $least }
form-choose-at-most = Choose at most { $most }
form-rows-at-least = Fill in at least { $least }
form-rows-at-most = You can fill in at most { $most }
form-position = The position is not in Sweden. Describe the place in words instead, or get the position again.

## Children
form-child-not-yours = Choose one of the children in the list. If a child is missing, contact us and we will help you.
form-children-unavailable = We cannot show your children here just now. Write which child it is about, and the case officer will check the custody.
form-child-by-hand = Write the child's first and last name and date of birth, such as Saga Ek, 2 January 2023.
form-children-hidden = Not all children can be shown here. If a child is missing, contact us and we will help you.
form-no-children = According to the population register there is no child under 18 in your custody. If that is wrong, contact us and we will help you.
form-shared-custody = Shared custody
form-shared-custody-beside = shared custody
form-born = born { $day }

## Files
form-file-too-large = The file { $name } is too large. Each file can be at most { $mb } MB. Try to make it smaller or split it.
form-file-empty = The file { $name } is empty. Choose another file.
form-file-kind = The file { $name } is of a kind that we cannot take. Save it as { $kinds } and try again.
form-files-too-many = { $most ->
    [one] You can upload at most { $most } file. Remove a file first.
   *[other] You can upload at most { $most } files. Remove a file first.
}
form-files-limits = { $most ->
    [one] One file, at most { $mb } MB. You can send { $kinds }.
   *[other] At most { $most } files, each at most { $mb } MB. You can send { $kinds }.
}
form-files-no-room = There is no room for { $name }: the files of the draft are too large together. Remove a file first.
form-kinds = { $first } or { $last }

## Answers in words
form-yes = Yes
form-no = No
form-position-shown = Position: { $lat }, { $lon } (WGS 84)

## Where a value comes from
form-source-navet = From the population register { $day }
form-source-register = From a register { $day }
form-source-login = From your e-identification
form-source-settings = From your settings
form-source-computed = Worked out from your answers
form-register-unavailable = We cannot reach the population register just now. Fill in your details yourself.
form-register-unknown = We could not fetch your details. Fill them in yourself.
form-register-protected = We show no address from the population register. You need not give one. If we need to send a letter, it can go through Skatteverket's mail forwarding for protected persons. Do contact us before you send anything in.
form-protected-address = Only give an address that you want the municipality to have.
form-send = Send

## The steps that every service has
form-your-personnummer = Personal identity number
form-your-name-missing = Enter your name
form-your-name = Name
form-your-address-missing = Enter your address
form-your-address = Address
form-your-postcode-missing = Enter your postcode
form-your-postcode = Postcode
form-your-city-missing = Enter your town
form-your-city = Town
form-your-details = Your details
form-your-details-intro = This is what we already know about you. Check that it is right.
form-channel-my-pages = On My pages (Mina sidor)
form-channel-my-pages-hint = We e-mail you when there is something to read, if you have given your e-mail address.
form-channel-letter = By post
form-channel-letter-hint = You can still follow the case on My pages.
form-email-hint = We send a receipt here when you have sent it in, and e-mail you when something happens.
form-channel-review = How I want the decision
form-channel-missing = Choose how you want to get the decision
form-channel = How do you want to get the decision?
form-without-email = You have not given an e-mail address. We cannot tell you when the decision is there, so look at My pages now and then.
form-cosigner = Who else is to sign?
form-cosigner-intro = The application must be signed by both of you. When you have signed we e-mail the other person, who logs in with their own electronic identification and sees what you have filled in.
form-cosigner-name = Name of the person who is also to sign
form-cosigner-name-missing = Enter the name of the person who is also to sign
form-cosigner-number = Swedish personal identity number
form-cosigner-number-hint = Only the person with that number can read and sign.
form-cosigner-number-missing = Enter the personal identity number of the person who is also to sign
form-cosigner-email = E-mail address
form-cosigner-email-hint = We send the invitation there. It does not say what the case is about.
form-cosigner-email-missing = Enter the e-mail address of the person who is also to sign
form-guardian = The other guardian
form-guardian-intro = There are two guardians and both must sign. When you have signed, the other can log in to My pages (Mina sidor) here and sign with their electronic identification.
form-guardian-email = The other guardian's e-mail address
form-guardian-email-hint = We send an invitation there. It does not say what the case is about.
form-reach-you = How we reach you
form-anonymous-text = You are not logged in. That is why the case is not shown on My pages (Mina sidor), and we cannot answer unless you write how we reach you. What you send in becomes a public document, and so do your contact details if you give them.
form-anonymous = The case is not on My pages
form-answer-wanted = Do you want an answer?
form-answer-wanted-intro = You need not fill in anything here.
form-your-email = E-mail address
form-your-phone-hint = If the case officer needs to ask something.
form-your-phone = Telephone number
