## Asking the applicant
desk-requests = Questions to the applicant
desk-request-supplement = Request for more
desk-request-hearing = Hearing
desk-request-open = Waiting for an answer
desk-request-late = The time has run out
desk-request-answered = Answered
desk-request-accepted = Done
desk-request-expired = No answer came
desk-request-cancelled = Not needed
desk-request-due = answer by { $day }
desk-good-to-have = optional
desk-answer-came = Answer { $when }
desk-one-a-line = One thing on each line.
desk-answer-by = Answer by
desk-supplement-ask = Ask for more
desk-supplement-text = What do we need, and why?
desk-supplement-text-hint = The applicant reads it on My pages and answers there.
desk-supplement-required = This is needed
desk-supplement-optional = This is good to have
desk-supplement-consequence = If no answer comes
desk-supplement-consequence-begin = Då avgör vi ärendet med de uppgifter som finns.
desk-supplement-empty = Write what is needed
desk-supplement-items-long = Write at most 20 things, each of at most 200 characters
desk-supplement-missing-empty = Write what is still missing
desk-due-invalid = Write a day from today on
desk-resolve = Assess the answer
desk-resolve-label = What came of it?
desk-resolve-accepted = It is enough
desk-resolve-insufficient = It is not enough: ask again
desk-resolve-cancelled = It is not needed any more
desk-resolve-expired = No answer came
desk-resolve-text = Text to the applicant
desk-resolve-text-hint = Write what is missing if you ask again.
desk-resolve-due = If you ask again: answer by
desk-resolve-unknown = Choose what came of it
desk-hearing-ask = Hear the applicant before a decision
desk-hearing-text = What is the applicant to answer?
desk-hearing-text-hint = Write what the decision may rest on (25 § förvaltningslagen).
desk-hearing-files = Documents to read
desk-hearing-empty = Write what the applicant is to answer

## Word and documents
desk-fact-due = Decision expected by
desk-due-set = Set the day of decision
desk-due-label = Decision expected by
desk-due-reason = Why?
desk-due-reason-hint = The applicant sees the text. A delay has to be explained (11 § förvaltningslagen).
desk-due-reason-empty = Write why the day is changed
desk-files = Files
desk-files-hint = PDF, picture or document. If something else has to be corrected, choose the files again.
desk-files-none = Choose at least one file
desk-file-empty = The file is empty. Choose another
desk-file-too-large = The file is too large
desk-file-locked = The file is locked with a password. Choose one that can be read
desk-file-kind-wrong = Files of this kind cannot be sent. Save it as PDF
desk-documents-send = Send a document
desk-documents-title = Heading
desk-documents-title-hint = Without a heading the file's name is shown.
desk-sent = Sent to the applicant
desk-sent-kind = Sent document
desk-sent-waiting = on its way to the e-service
desk-sent-withdrawn = taken back { $day }
desk-withdraw = Take back
desk-withdraw-reason = Why is the document taken back?
desk-withdraw-empty = Write why the document is taken back
desk-transfer = Hand over to another authority
desk-transfer-authority = Authority
desk-transfer-reason = Why is the errand handed over?
desk-transfer-empty = Write which authority takes over
desk-transfer-reason-empty = Write why the errand is handed over
desk-thread-answer = Answer in this thread
desk-write-thread = Answer in the thread
desk-write-new = Write a new message instead
desk-decide-by = Decide by { $day }
desk-attention-hearing = Answer in hearing
desk-attention-decision-request = Asks for a decision
desk-attention-appeal = Appeal

## After the decision
desk-decision-version = version { $n }
desk-decision-earlier = Earlier versions
desk-decision-further = Correct or change the decision
desk-decision-ground-label = Why is the decision changed?
desk-decision-ground = Choose why the decision is changed
desk-ground-36 = Correction of a slip (36 §)
desk-ground-37 = A change that may be made (37 §)
desk-ground-38 = A change that must be made (38 §)
desk-decision-service-label = How does the applicant take part of the decision?
desk-decision-service = Choose how the applicant takes part of the decision
desk-decision-files = Documents that belong to the decision
desk-service = Service
desk-service-notification = Shown on My pages, without proof
desk-service-ordinary = The applicant confirms on My pages (service)
desk-service-simplified = Simplified service by letter
desk-not-served = No day is noted.
desk-decision-served = The applicant took part of the decision { $day } ({ $how }).
desk-decision-last-day = Last day to appeal: { $day }.
desk-serve = Note service
desk-served-day = When did the applicant take part of the decision?
desk-served-how = How?
desk-served-portal = confirmed on My pages
desk-served-letter = letter with receipt
desk-served-simplified = simplified service
desk-served-process-server = process server
desk-served-notice = notice on the municipal notice board
desk-served-invalid = Write a day from the decision to today
desk-served-how-unknown = Choose how
desk-appeal = Appeal
desk-appeal-note = Note an appeal
desk-appeal-day-label = When did it come?
desk-appeal-day = Write a day from the decision to today
desk-appeal-method = How did it come?
desk-appeal-method-unknown = Choose how it came
desk-appeal-by-portal = on My pages
desk-appeal-by-letter = by letter
desk-appeal-by-e-mail = by e-mail
desk-appeal-by-visit = handed over on site
desk-appeal-came = Came { $day }, { $how }.
desk-appeal-in-time = Within three weeks
desk-appeal-late = After three weeks
desk-appeal-not-served = No day of service
desk-appeal-by-court = The court examines the time
desk-appeal-found-yes = In time
desk-appeal-found-no = Too late
desk-appeal-went = Handed over to the court { $day }.
desk-appeal-examine = Examine whether it came in time
desk-appeal-timely = Did the appeal come in time (45 §)?
desk-appeal-timely-yes = Yes, and it is handed over to the court
desk-appeal-timely-no = No, it is to be dismissed
desk-appeal-timely-unknown = Choose whether it came in time
desk-appeal-forwarded-day = Handed over to the court
desk-appeal-forwarded-hint = Needed if it came in time (46 §).
desk-appeal-forwarded = Write the day when the appeal was handed over
desk-appeal-words-hint = Say what happens with the appeal.
desk-appeal-words = Write a text to the applicant
desk-journal-supplement-asked = Asked for more, answer by { $day }
desk-journal-supplement-resolved = { $state ->
    [accepted] What came is enough
    [insufficient] What came is not enough, asked again
    [expired] No answer came
   *[other] Nothing more is needed
}
desk-journal-hearing-asked = Hearing, answer by { $day }
desk-journal-due = { $day ->
    [none] The day of decision is taken away
   *[other] Decision expected by { $day }
}
desk-journal-document-sent = Document sent: { $name }
desk-journal-document-withdrawn = Document taken back: { $name }
desk-journal-transferred = Handed over to { $authority }
desk-journal-corrected = { $ground ->
    [36] Decision corrected: { $outcome }
   *[other] Decision changed: { $outcome }
}
desk-journal-served = { $how ->
    [portal] The applicant confirmed having the decision, { $day }
   *[other] Service noted: { $day }
}
desk-journal-appeal-noted = Appeal noted, came { $day }
desk-journal-appeal-examined = { $timely ->
    [yes] The appeal came in time and is handed over
   *[other] The appeal came too late
}
desk-journal-replayed = The e-service asked for the errand's events once more ({ $count })

## The link to the e-services
desk-nav-link = Link
desk-link-heading = Link to the e-services
desk-link-lead = What happens in errands is sent to the e-services by itself. Here you see what waits and what could not be sent.
desk-link-paused-heading = Nothing is sent at present
desk-link-paused = Since { $since }: { $why }. It is a fault in the settings, not in the errands. When it is mended, all that waits is sent.
desk-link-waiting = Events waiting
desk-link-oldest = The oldest is from
desk-link-fault = Latest fault
desk-link-looked = Fetched last
desk-link-look-fault = Fault when fetching
desk-link-none = None
desk-link-events = Events that were refused
desk-link-no-events = Every event has been taken or waits for its turn.
desk-link-send-again = Send again
desk-link-leave = Leave it
desk-link-reason = Why need it not be sent?
desk-link-reason-empty = Write why the event need not be sent
desk-link-files = Files that could not be fetched
desk-link-no-files = Every file is here or on its way.
desk-link-fetch-again = Fetch again
error-not-system-administrator-title = This page is for system administrators
error-not-system-administrator-text = Your log-in is valid, but you are not a system administrator in this municipality.
error-not-system-administrator-way-on = Ask the municipality's system administrator for the role if you are to run the system. Your cases are in the inbox.
