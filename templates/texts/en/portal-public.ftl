## Front page
start-title = E-services and My pages
start-heading = What would you like to do?
start-lead = Apply, report and ask { $municipality }, whenever it suits you.
start-search-label = Search the e-services
start-tasks = It is your turn
start-drafts = You have started
start-continue = Continue the draft: { $title }
start-categories = Choose an area
start-popular = Most used
start-all-services = Show all e-services
start-help = Good to know
start-help-follow = Follow your case
start-help-follow-text = On My pages you can see what has happened, who is to do the next thing and what the municipality has decided.
start-help-eid = No e-identification?
start-help-eid-text = You have the same rights anyway. Call or visit { $municipality } and we will help you in another way.
start-help-person = Talk to a person
start-help-person-text = Our customer service can answer questions about all e-services and about your case.

## All e-services
services-title = E-services
services-title-search = Search: { $query }
services-filter = Show one area
services-all = All
services-alphabetical = All e-services, in alphabetical order
services-found = { $count ->
    [0] No results for “{ $query }”
    [one] 1 result for “{ $query }”
   *[other] { $count } results for “{ $query }”
}
services-none = We found no e-service
services-none-text = Try another word, for example what the matter is about rather than the name of the form. You can also call us.
services-show-all = Show all e-services

## One e-service
service-closed = The e-service is closed
service-draft-heading = You have already started
service-draft-continue = Continue where you were
service-begin = Start
service-begin-login = Log in and start
service-begin-new = Start again from the beginning
service-look = Look through the questions first
service-look-login = Look through the questions without logging in
service-audience = Who can use this e-service?
service-may-act = You can do this for:
service-may-act-self = yourself
service-may-act-child = your child
service-may-act-company = a company that you may represent
service-may-act-association = an association that you may represent
service-needs = What you need
service-needs-eid = E-identification, for example BankID or Freja
service-needs-nothing = You do not need to prepare anything.
service-saved-on-the-way = Your answers are saved as you go. You can take a break and continue later.
service-next = What happens next
service-personal-data = How we use your data
service-personal-data-more = More about personal data and your rights
service-laws = Laws that apply
service-in-short = In short
service-time = Time to fill in
service-assurance = Log-in
service-assurance-none = Not needed. You can be anonymous.
service-assurance-low = Simple log-in (level of assurance 2)
service-assurance-substantial = E-identification (level of assurance 3)
service-assurance-high = E-identification with the highest security (level of assurance 4)
service-fee = Fee
service-fee-none = No fee for submitting
service-signing = Signature
service-decision-time = When you get an answer
service-other-ways = Other ways
service-other-ways-text = You can also provide the information on paper or by phone.

## Log in and out
sign-in-title = Log in
sign-in-lead = Choose how to show who you are.
sign-in-for-service = “{ $service }” requires you to show who you are.
sign-in-cancelled-title = You cancelled the log-in
sign-in-cancelled-text = Nothing has happened. You can choose again below.
sign-in-failed-title = The log-in did not go through
sign-in-failed-text = The e-identification answered that something was not right. Try again or choose another way.
sign-in-unavailable-title = Log-in is not working right now
sign-in-unavailable-text = We get no answer from the log-in service. What you have saved is kept. Try again in a few minutes.
sign-in-level-title = A more secure e-identification is needed
sign-in-level-text = The e-identification you used is not enough for this e-service. Choose one with a higher level of assurance.
sign-in-expired-title = The log-in took too long
sign-in-expired-text = For security reasons each attempt is valid only for a few minutes. Start again below.
sign-in-cannot = Unable to get e-identification?
sign-in-cannot-text = You can still do your errand. Call us and we will help you.
sign-in-warning-title = Log in only when you made the contact yourself
sign-in-warning-text = Never log in because someone calls, writes or knocks on your door and asks you to. The municipality never does that.
signed-out-title = You are logged out
signed-out-self = You have logged out of the e-services.
signed-out-timeout = We logged you out because you had not done anything for a while.
signed-out-broker = You were logged out of the e-identification service and therefore here too.
signed-out-drafts = Drafts that you have saved are still on My pages.
signed-out-shared = Have you used a computer that others use too? Then close the browser.
signed-out-again = Log in again
signed-out-start = To the front page

## Accessibility
a11y-title = Accessibility statement
a11y-heading = Accessibility of e-services in { $municipality }
a11y-lead = { $municipality } is responsible for this website. We want everyone to be able to use it.
a11y-scope = This statement covers the e-services and My pages at { $host }. It describes how the website complies with the Act on Accessibility to Digital Public Services, which problems we know of and how you can report shortcomings so that we can correct them.
a11y-how-heading = How accessible is the website?
a11y-how-full = The website complies fully with the Act on Accessibility to Digital Public Services. We know of no shortcomings.
a11y-how-partly = The website complies partially with the Act on Accessibility to Digital Public Services. The shortcomings we know of are described below.
a11y-shortcomings-heading = Shortcomings that we know of
a11y-shortcomings-text = This may be difficult to use for people with disabilities. We are working to correct it.
a11y-features-heading = How the website is made
a11y-features-keyboard = Everything can be done with the keyboard alone, and it is always visible where you are.
a11y-features-zoom = You can enlarge the page to 400 per cent or change the text size without losing anything.
a11y-features-colours = The pages follow your setting for light, dark or increased contrast.
a11y-features-script = All e-services also work without JavaScript.
a11y-features-time = You can take a break. Your answers are saved, and you are asked before you are logged out.
a11y-other-way-heading = If you cannot use parts of the website
a11y-other-way-text = You can get the content in another way, for example read aloud, on paper or in easy-to-read form. { $municipality } also helps you hand in what is otherwise done in an e-service. Contact us:
a11y-other-way-time = We answer as soon as we can, normally within two working days.
a11y-report-heading = Report shortcomings
a11y-report-text = We keep trying to improve. Have you found a problem that is not described here, or do you think that we do not comply with the law? Tell us, so that we know that it exists.
a11y-supervision-heading = Supervision
a11y-supervision-text = The Agency for Digital Government, Digg, supervises the Act on Accessibility to Digital Public Services. If you are not satisfied with how we handle your comments, you can report it to Digg. You can also ask Digg to examine whether it would be an unreasonable burden for us to make the content accessible, under section 12 of the Act.
a11y-supervision-link = Report to Digg
a11y-technical-heading = Technical information about accessibility
a11y-technical-law = The requirements are found in the Act (2018:1937) on Accessibility to Digital Public Services, the Ordinance (2018:1938) and Digg’s regulations MDFFS 2019:2.
a11y-technical-standard = The website is made to meet WCAG 2.2 at level AA and the standard EN 301 549 version 3.2.1, which builds on WCAG 2.1.
a11y-tested-heading = How we have tested the website
a11y-tested-text = We have made our own assessment. Each part of the pages is tested automatically at every change and by hand with keyboard, magnification, high contrast and without JavaScript.
a11y-tested-dates = The latest assessment was made on { $assessed }. The statement was last updated on { $updated }.

## Personal data
privacy-title = Personal data
privacy-heading = How we process your personal data
privacy-lead = When you use the e-services and My pages we need to know certain things about you. Here we say what, why, for how long and which rights you have.
privacy-who-heading = Who is responsible?
privacy-who-text = The committee in { $municipality } (organisation number { $number }) that handles your case is the controller of the data in the case. The municipal executive board is responsible for log-in, drafts and My pages. You reach them through the municipality’s contact details:
privacy-dpo-heading = Data protection officer
privacy-dpo-text = The data protection officer makes sure that the municipality follows the rules and answers questions about your personal data:
privacy-what-heading = Which data do we process?
privacy-what-login = When you log in: name, personal identity number and which kind of e-identification you used.
privacy-what-register = From the population register: name and address and, when an e-service needs it, which children you have custody of.
privacy-what-answers = What you yourself answer, write and attach.
privacy-what-contact = E-mail address and phone number, if you give them.
privacy-what-technical = Technical log: time, page and IP address, to keep the website secure.
privacy-source-heading = Where do the data come from?
privacy-source-text = From you, from the e-identification you log in with and from the population register through the Swedish Tax Agency’s register Navet. The form says so beside each piece of data that we have fetched.
privacy-why-heading = Why, and on what legal basis?
privacy-why-text = We use the data to receive, handle and decide your case, to notify you and to show you the case. The basis is in the General Data Protection Regulation:
privacy-why-public-interest = It is necessary for a task carried out in the public interest or in the exercise of the municipality’s official authority (Article 6.1 e).
privacy-why-duty = The law requires us to register, keep and disclose official documents (Article 6.1 c).
privacy-why-sensitive = Sensitive data, for example about health, are processed only when the case requires it (Article 9.2 g and Chapter 3, section 3 of the Swedish Data Protection Act).
privacy-why-services = Which law applies to a certain e-service is stated on its page:
privacy-must-heading = Do you have to provide the data?
privacy-must-text = No, but without the data needed we may not be able to examine your case. You can always skip questions marked “optional”.
privacy-receivers-heading = Who may see the data?
privacy-receivers-text = Only those who need them in their work:
privacy-receivers-handlers = Case officers and decision makers in the committee that the case belongs to.
privacy-receivers-suppliers = Companies that run our systems, under a data processing agreement.
privacy-receivers-public = Anyone who requests an official document, unless the data are secret under the Public Access to Information and Secrecy Act.
privacy-receivers-abroad = We do not transfer the data to countries outside the EU and the EEA.
privacy-how-long-heading = How long are the data kept?
privacy-how-long-drafts = { $days ->
    [one] Drafts that you do not submit are deleted after 1 day.
   *[other] Drafts that you do not submit are deleted after { $days } days.
}
privacy-how-long-cases = { $days ->
    [one] A closed case is shown on My pages for 1 day.
   *[other] A closed case is shown on My pages for { $days } days.
}
privacy-how-long-archive = The documents of the case are then kept in the municipality’s case system and archive. The Archives Act and the committee’s records schedule decide for how long.
privacy-how-long-register = What we fetch from the population register is shown only while you are logged in. What you submit follows the case.
privacy-protected-heading = Protected personal data
privacy-protected-text = If your personal data are protected we fetch no address, and only a small circle may see your case. You can always call us instead.
privacy-rights-heading = Your rights
privacy-rights-text = You can turn to us to:
privacy-rights-access = find out which data we have about you and get a copy (Article 15)
privacy-rights-correct = have errors corrected (Article 16)
privacy-rights-erase = have data erased, unless the law requires us to keep them (Article 17)
privacy-rights-limit = have the processing restricted while something is examined (Article 18)
privacy-rights-object = object to the processing (Article 21).
privacy-rights-how = It costs nothing. We answer within one month.
privacy-automatic-heading = Automated decisions
privacy-automatic-text = No decisions are made entirely automatically in the e-services. A human being examines your case.
privacy-cookies-heading = Cookies
privacy-cookies-text = We only use cookies that the website needs in order to work. They are read by nobody else and are not used for statistics.
privacy-cookie-session = kp_session
privacy-cookie-session-text = Keeps you logged in. Disappears when you log out.
privacy-cookie-login = kp_tx
privacy-cookie-login-text = Needed during the log-in itself. Lasts a few minutes.
privacy-cookie-draft = kp_utkast
privacy-cookie-draft-text = Lets you find your way back to a draft without log-in. Lasts at most { $days } days.
privacy-cookie-language = kp_lang
privacy-cookie-language-text = Remembers which language you have chosen.
privacy-complain-heading = If you are not satisfied
privacy-complain-text = Please contact us first. You can always complain to the Swedish Authority for Privacy Protection, IMY:
privacy-updated = This text was last updated on { $date }.
