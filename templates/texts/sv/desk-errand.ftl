## Fråga den sökande
desk-requests = Frågor till den sökande
desk-request-supplement = Komplettering
desk-request-hearing = Kommunicering
desk-request-open = Väntar på svar
desk-request-late = Tiden har gått ut
desk-request-answered = Svar har kommit
desk-request-accepted = Klart
desk-request-expired = Svar uteblev
desk-request-cancelled = Behövs inte
desk-request-due = svar senast { $day }
desk-good-to-have = frivilligt
desk-answer-came = Svar { $when }
desk-one-a-line = En sak på varje rad.
desk-answer-by = Svar senast
desk-supplement-ask = Begär komplettering
desk-supplement-text = Vad behöver vi, och varför?
desk-supplement-text-hint = Den sökande läser det på Mina sidor och svarar där.
desk-supplement-required = Det här behövs
desk-supplement-optional = Det här är bra att ha
desk-supplement-consequence = Om svaret uteblir
desk-supplement-consequence-begin = Då avgör vi ärendet med de uppgifter som finns.
desk-supplement-empty = Skriv vad som behövs
desk-supplement-items-long = Skriv högst 20 saker, med högst 200 tecken i varje
desk-supplement-missing-empty = Skriv vad som fortfarande saknas
desk-due-invalid = Skriv en dag från i dag och framåt
desk-resolve = Bedöm kompletteringen
desk-resolve-label = Vad blev det?
desk-resolve-accepted = Det räcker
desk-resolve-insufficient = Det räcker inte: fråga igen
desk-resolve-cancelled = Det behövs inte längre
desk-resolve-expired = Svaret har uteblivit
desk-resolve-text = Text till den sökande
desk-resolve-text-hint = Skriv vad som saknas om du frågar igen.
desk-resolve-due = Om du frågar igen: svar senast
desk-resolve-unknown = Välj vad det blev
desk-hearing-ask = Kommunicera före beslut
desk-hearing-text = Vad ska den sökande ta ställning till?
desk-hearing-text-hint = Skriv vad beslutet kan komma att grundas på (25 § förvaltningslagen).
desk-hearing-files = Handlingar att läsa
desk-hearing-empty = Skriv vad den sökande ska ta ställning till

## Besked och handlingar
desk-fact-due = Beslut väntas senast
desk-due-set = Sätt beslutsdag
desk-due-label = Beslut väntas senast
desk-due-reason = Varför?
desk-due-reason-hint = Den sökande ser texten. Vid försening ska skälet anges (11 § förvaltningslagen).
desk-due-reason-empty = Skriv varför dagen ändras
desk-files = Filer
desk-files-hint = PDF, bild eller dokument. Om något annat behöver rättas väljer du filerna igen.
desk-files-none = Välj minst en fil
desk-file-empty = Filen är tom. Välj en annan
desk-file-too-large = Filen är för stor
desk-file-locked = Filen är låst med lösenord. Välj en som går att läsa
desk-file-kind-wrong = Filer av den sorten går inte att skicka. Spara den som PDF
desk-documents-send = Skicka handling
desk-documents-title = Rubrik
desk-documents-title-hint = Utan rubrik visas filens namn.
desk-sent = Skickat till den sökande
desk-sent-kind = Skickad handling
desk-sent-waiting = på väg till e-tjänsten
desk-sent-withdrawn = tillbakatagen { $day }
desk-withdraw = Ta tillbaka
desk-withdraw-reason = Varför tas handlingen tillbaka?
desk-withdraw-empty = Skriv varför handlingen tas tillbaka
desk-transfer = Överlämna till annan myndighet
desk-transfer-authority = Myndighet
desk-transfer-reason = Varför överlämnas ärendet?
desk-transfer-empty = Skriv vilken myndighet som tar över
desk-transfer-reason-empty = Skriv varför ärendet överlämnas
desk-thread-answer = Svara i tråden
desk-write-thread = Svara i tråden
desk-write-new = Skriv ett nytt meddelande i stället
desk-decide-by = Avgör senast { $day }
desk-attention-hearing = Yttrande
desk-attention-decision-request = Begär avgörande
desk-attention-appeal = Överklagande

## Efter beslutet
desk-decision-version = version { $n }
desk-decision-earlier = Tidigare versioner
desk-decision-further = Rätta eller ändra beslutet
desk-decision-ground-label = Varför ändras beslutet?
desk-decision-ground = Välj varför beslutet ändras
desk-ground-36 = Rättelse av skrivfel (36 §)
desk-ground-37 = Ändring som får göras (37 §)
desk-ground-38 = Ändring som ska göras (38 §)
desk-decision-service-label = Hur får den sökande del av beslutet?
desk-decision-service = Välj hur den sökande får del av beslutet
desk-decision-files = Handlingar som hör till beslutet
desk-service = Delgivning
desk-service-notification = Visas på Mina sidor, utan bevis
desk-service-ordinary = Den sökande bekräftar på Mina sidor (delgivning)
desk-service-simplified = Förenklad delgivning med brev
desk-not-served = Ingen dag är noterad.
desk-decision-served = Den sökande tog del av beslutet { $day } ({ $how }).
desk-decision-last-day = Sista dag att överklaga: { $day }.
desk-serve = Notera delgivning
desk-served-day = När tog den sökande del av beslutet?
desk-served-how = Hur?
desk-served-portal = bekräftat på Mina sidor
desk-served-letter = brev med mottagningsbevis
desk-served-simplified = förenklad delgivning
desk-served-process-server = stämningsman
desk-served-notice = anslag på kommunens anslagstavla
desk-served-invalid = Skriv en dag från beslutet till i dag
desk-served-how-unknown = Välj hur
desk-appeal = Överklagande
desk-appeal-note = Notera överklagande
desk-appeal-day-label = När kom det in?
desk-appeal-day = Skriv en dag från beslutet till i dag
desk-appeal-method = Hur kom det in?
desk-appeal-method-unknown = Välj hur det kom in
desk-appeal-by-portal = på Mina sidor
desk-appeal-by-letter = med brev
desk-appeal-by-e-mail = med e-post
desk-appeal-by-visit = lämnat på plats
desk-appeal-came = Kom in { $day }, { $how }.
desk-appeal-in-time = Inom tre veckor
desk-appeal-late = Efter tre veckor
desk-appeal-not-served = Delgivningsdag saknas
desk-appeal-by-court = Tiden prövas av rätten
desk-appeal-found-yes = I rätt tid
desk-appeal-found-no = För sent
desk-appeal-went = Överlämnat till rätten { $day }.
desk-appeal-examine = Pröva om det kom i rätt tid
desk-appeal-timely = Kom överklagandet in i rätt tid (45 §)?
desk-appeal-timely-yes = Ja, och det är överlämnat till rätten
desk-appeal-timely-no = Nej, det ska avvisas
desk-appeal-timely-unknown = Välj om det kom in i rätt tid
desk-appeal-forwarded-day = Överlämnat till rätten
desk-appeal-forwarded-hint = Behövs om det kom i rätt tid (46 §).
desk-appeal-forwarded = Skriv dagen då överklagandet överlämnades
desk-appeal-words-hint = Säg vad som händer med överklagandet.
desk-appeal-words = Skriv en text till den sökande
desk-journal-supplement-asked = Komplettering begärd, svar senast { $day }
desk-journal-supplement-resolved = { $state ->
    [accepted] Kompletteringen räcker
    [insufficient] Kompletteringen räcker inte, ny begäran
    [expired] Kompletteringen uteblev
   *[other] Kompletteringen behövs inte
}
desk-journal-hearing-asked = Kommunicerat, svar senast { $day }
desk-journal-due = { $day ->
    [none] Beslutsdagen är borttagen
   *[other] Beslut väntas senast { $day }
}
desk-journal-document-sent = Handling skickad: { $name }
desk-journal-document-withdrawn = Handling tillbakatagen: { $name }
desk-journal-transferred = Överlämnat till { $authority }
desk-journal-corrected = { $ground ->
    [36] Beslutet rättat: { $outcome }
   *[other] Beslutet ändrat: { $outcome }
}
desk-journal-served = { $how ->
    [portal] Den sökande bekräftade att hen fått beslutet, { $day }
   *[other] Delgivning noterad: { $day }
}
desk-journal-appeal-noted = Överklagande noterat, inkommet { $day }
desk-journal-appeal-examined = { $timely ->
    [yes] Överklagandet kom i rätt tid och är överlämnat
   *[other] Överklagandet kom för sent
}
desk-journal-replayed = E-tjänsten bad om ärendets händelser igen ({ $count })

## Kopplingen till e-tjänsterna
desk-nav-link = Koppling
desk-link-heading = Koppling till e-tjänsterna
desk-link-lead = Det som händer i ärenden skickas till e-tjänsterna av sig självt. Här ser du vad som väntar och vad som inte gick.
desk-link-paused-heading = Inget skickas just nu
desk-link-paused = Sedan { $since }: { $why }. Det är ett fel i inställningarna, inte i ärendena. När det är rättat skickas allt som väntar.
desk-link-waiting = Händelser som väntar
desk-link-oldest = Den äldsta är från
desk-link-fault = Senaste fel
desk-link-looked = Senast hämtat
desk-link-look-fault = Fel vid hämtning
desk-link-none = Inget
desk-link-events = Händelser som inte togs emot
desk-link-no-events = Alla händelser har tagits emot eller väntar på sin tur.
desk-link-send-again = Skicka igen
desk-link-leave = Låt vara
desk-link-reason = Varför behöver den inte skickas?
desk-link-reason-empty = Skriv varför händelsen inte behöver skickas
desk-link-files = Filer som inte kunde hämtas
desk-link-no-files = Alla filer är hämtade eller på väg.
desk-link-fetch-again = Hämta igen
error-not-system-administrator-title = Sidan är för systemförvaltare
error-not-system-administrator-text = Din inloggning är giltig, men du är inte systemförvaltare i den här kommunen.
error-not-system-administrator-way-on = Be kommunens systemförvaltare om rollen om du ska sköta systemet. Dina ärenden finns i inkorgen.
