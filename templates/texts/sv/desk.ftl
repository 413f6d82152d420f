## Inkorg och sökning
desk-inbox-heading = Inkorg
desk-inbox-caption = Ärenden på dina enheter, äldst först
desk-mine-heading = Mina ärenden
desk-mine-caption = Ärenden som du har, äldst först
desk-filter-show = Visa
desk-filter-unit = Enhet
desk-filter-status = Status
desk-filter-go = Visa
desk-show-all = Alla öppna
desk-show-unread = Nytt
desk-show-free = Ingen har tagit
desk-show-mine = Mina
desk-all-units = Alla mina enheter
desk-all-open = Alla öppna
desk-col-errand = Ärende
desk-col-type = Gäller
desk-col-from = Från
desk-col-status = Status
desk-col-handler = Handläggare
desk-col-received = Inkom
desk-empty = Inga ärenden väntar
desk-empty-text = Här visas ärenden på dina enheter när de kommer in.
desk-empty-filtered = Inga ärenden passar in
desk-empty-filtered-text = Välj en annan enhet eller status.
desk-empty-show-all = Visa alla öppna
desk-search-heading = Sök ärende
desk-search-label = Sök ärende
desk-search-hint = Diarienummer, ärendenummer, namn eller ord i rubriken
desk-search-caption = Ärenden som hittades, nyast först
desk-search-count = { $count ->
    [one] 1 ärende hittades
   *[other] { $count } ärenden hittades
}
desk-search-none = Inget ärende hittades
desk-search-none-text = Sökningen gäller dina enheters ärenden. Namn på personer med skyddade uppgifter går inte att söka på.
desk-protected = Skyddade personuppgifter
desk-protected-text = Visa inte ärendet för någon annan. Läsningen är noterad med det skäl som du angav.
desk-unchecked = Skydd inte kontrollerat
desk-strict = Stark sekretess
desk-anonymous = Utan namn
desk-nobody = Ingen
desk-gone = Okänd handläggare
desk-attention-new = Ny
desk-attention-message = Nytt svar
desk-attention-supplement = Komplettering
desk-attention-withdrawn = Återkallad

## Ärendet
desk-on-page = På den här sidan
desk-back-inbox = Inkorg
desk-fact-number = Diarienummer
desk-fact-reference = Den sökandes ärendenummer
desk-fact-received = Inkom till kommunen
desk-fact-registered = Registrerades här
desk-undelivered = { $count ->
    [one] En händelse har inte nått e-tjänsten än. Den skickas igen av sig själv.
   *[other] { $count } händelser har inte nått e-tjänsten än. De skickas igen av sig själva.
}
desk-places = Plats
desk-source-login = Från inloggningen
desk-source-navet = Från folkbokföringen
desk-source-register = Från register
desk-source-settings = Från den sökandes inställningar
desk-source-computed = Uträknat
desk-role-applicant = Sökande
desk-role-child = Barn
desk-role-contact = Kontaktperson
desk-role-representative = Företräds av
desk-role-guardian = Vårdnadshavare
desk-party-name = Namn
desk-party-personal-number = Personnummer
desk-party-coordination-number = Samordningsnummer
desk-party-organisation-number = Organisationsnummer
desk-party-provisional-id = Utländsk identitet
desk-party-email = E-post
desk-party-phone = Telefon
desk-party-channel = Vill ha besked
desk-channel-portal = På Mina sidor
desk-channel-letter = Med brev
desk-channel-email = Med e-post
desk-channel-phone = Per telefon
desk-channel-none = Vill inte ha svar
desk-party-login = Legitimerade sig
desk-party-login-text = { $method }, { $at }
desk-party-mandate = Behörighet
desk-party-mandate-said = Uppgiften kommer från
desk-party-mandate-said-text = { $source }, { $at }
desk-mandate-open = Behörigheten behöver kontrolleras
desk-mandate-guardian = Vårdnadshavare
desk-mandate-signatory-sole = Firmatecknare, ensam
desk-mandate-signatory-joint = Firmatecknare, tillsammans med andra
desk-mandate-mina-ombud = Ombud med fullmakt
desk-mandate-declared = Uppger sig ha rätt att företräda
desk-mandate-source-population-register = Folkbokföringen
desk-mandate-source-company-register = Företagsregistret
desk-mandate-source-mina-ombud = Mina ombud
desk-mandate-source-self-declared = Den som skickade in
desk-documents = Handlingar
desk-no-documents = Inga handlingar hör till ärendet.
desk-file-kind-submission-pdf = Ansökan som PDF
desk-file-kind-attachment = Bilaga
desk-file-infected = Innehåller skadlig kod och går inte att öppna
desk-file-waiting = hämtas
desk-file-trying = hämtas igen ({ $why })
desk-file-refused = kunde inte hämtas ({ $why })
desk-messages = Meddelanden
desk-no-messages = Inga meddelanden än.
desk-resident = Den sökande
desk-message-kind-supplement = Komplettering
desk-message-kind-withdrawal = Återkallelse
desk-message-kind-hearing-reply = Yttrande
desk-message-kind-decision-request = Begäran om avgörande (12 § förvaltningslagen)
desk-message-kind-appeal = Överklagande
desk-write = Skriv till den sökande
desk-replies = Börja med en svarstext:
desk-message-label = Meddelande
desk-message-hint = Den sökande läser det på Mina sidor.
desk-message-send = Skicka meddelandet
desk-no-my-pages-email = Den som lämnade in ärendet är anonym och har inga Mina sidor. Skriv till e-postadressen ovan.
desk-no-my-pages-phone = Den som lämnade in ärendet är anonym och har inga Mina sidor. Ring telefonnumret ovan.
desk-no-my-pages-none = Den som lämnade in ärendet är anonym och vill inte ha svar. Det du skriver i ärendet läses bara här.
desk-message-empty = Skriv ett meddelande
desk-text-long-200 = Texten är för lång. Korta den till högst 200 tecken
desk-text-long-1000 = Texten är för lång. Korta den till högst 1 000 tecken
desk-text-long-10000 = Texten är för lång. Korta den till högst 10 000 tecken
desk-text-long-30000 = Texten är för lång. Korta den till högst 30 000 tecken
desk-form-incomplete = Formuläret kom inte fram helt. Skicka det igen
desk-decisions = Beslut
desk-journal = Händelser
desk-actions = Åtgärder
desk-who = Vem har ärendet
desk-you = (du)
desk-take = Ta ärendet
desk-give-back = Lämna tillbaka
desk-assign = Tilldela någon annan
desk-assign-label = Handläggare
desk-assign-unknown = Välj en handläggare på enheten
desk-assign-not-yours = Någon annan har ärendet. Bara den som har det, eller en chef, kan lämna det vidare.
desk-move = Flytta till annan ärendetyp
desk-move-label = Ärendetyp
desk-move-hint = Ärendet går till den enhet som har ärendetypen. Diarienumret ändras inte.
desk-move-unknown = Välj en ärendetyp som finns i kommunen
desk-status-change = Byt status
desk-status-label = Ny status
desk-status-words = Text till den sökande
desk-status-unknown = Välj en status
desk-decide = Skriv beslut
desk-close = Avsluta ärendet
desk-close-outcome = Hur slutade det?
desk-close-words = Text till den sökande
desk-close-words-hint = Säg hur ärendet slutade och vad som händer nu.
desk-close-empty = Skriv en text till den sökande
desk-close-undecided = Ärendet kan överklagas. Skriv ett beslut innan du avslutar det så.
desk-outcome-unknown = Välj hur det slutar
desk-reopen = Öppna igen
desk-reopen-label = Varför öppnas ärendet igen?
desk-reopen-hint = Den sökande ser skälet.
desk-reopen-empty = Skriv varför ärendet öppnas igen
desk-not-done = Inget har ändrats
desk-conflict = Ärendet ändrades medan du hade sidan öppen. Nedan ser du hur det är nu. Det du skrev står kvar i formuläret: läs igenom och skicka igen om det fortfarande stämmer.
desk-errand-closed = Ärendet är avslutat. Öppna det igen om något mer ska göras.
desk-cancel = Avbryt

## Skyddade personuppgifter
desk-reason-heading = Ärendet gäller någon med skyddade personuppgifter
desk-reason-text = Du får öppna ärendet om du behöver det för ditt arbete. Ange varför. Skälet sparas i läsloggen tillsammans med ditt namn.
desk-reason-label = Varför öppnar du ärendet?
desk-reason-hint = Till exempel: jag handlägger ansökan.
desk-reason-open = Öppna ärendet
desk-reason-short = Skriv varför du öppnar ärendet, med minst tio tecken

## Beslut
desk-decision-heading = Beslut
desk-decision-outcome = Hur slutar ärendet?
desk-decision-text = Beslut
desk-decision-text-hint = Skriv vad som beslutas, så att den sökande förstår det.
desk-decision-empty = Skriv vad som beslutas
desk-decision-why = Motivering
desk-decision-why-hint = Vilka omständigheter och regler har avgjort?
desk-decision-reasons = Skriv varför, eftersom beslutet går den sökande emot
desk-decision-basis = Bestämmelser
desk-decision-basis-hint = En på varje rad, till exempel 2010:800, 8 kap. 12 §
desk-decision-law = Skriv en bestämmelse på varje rad: lagens nummer, komma och paragrafen
desk-decision-instructions = Hur man överklagar
desk-decision-instructions-hint = Texten följer med beslutet. Ändra bara om den inte passar.
desk-decision-appeal = Skriv hur beslutet överklagas
desk-decision-final = När du har fattat beslutet skickas det till den sökande. Det går inte att ändra i efterhand.
desk-decision-make = Fatta beslutet
desk-outcome-approved = Bifall
desk-outcome-partly-approved = Delvis bifall
desk-outcome-rejected = Avslag
desk-outcome-dismissed = Avvisning
desk-outcome-written-off = Avskrivning
desk-outcome-answered = Åtgärdat eller besvarat
desk-appeal-fl =
    Du kan överklaga beslutet till { $court }. Skriv till rätten men skicka överklagandet till { $board }, som har fattat beslutet:

    { $authority }, { $board }
    { $address }
    { $email }

    Överklagandet ska ha kommit in inom tre veckor från den dag då du tog del av beslutet. Kommer det för sent får det inte prövas.

    Skriv
    - vilket beslut du överklagar: { $number }
    - hur du vill att beslutet ska ändras och varför
    - ditt namn, din adress och ditt telefonnummer.

    Skicka med handlingar som du tycker stöder det du skriver.
desk-appeal-kl =
    Beslutet kan prövas genom laglighetsprövning enligt 13 kap. kommunallagen. Varje medlem i kommunen kan begära det. Rätten prövar bara om beslutet är lagligt, inte om det är lämpligt.

    Överklagandet ska vara skriftligt och skickas till { $court }. Det ska ha kommit in till rätten inom tre veckor från den dag då det tillkännagavs på kommunens anslagstavla att protokollet över beslutet har justerats.

    Skriv
    - vilket beslut du överklagar: { $number }, { $authority }, { $board }
    - varför du anser att beslutet inte är lagligt
    - ditt namn, din adress och ditt telefonnummer.

    Frågor besvaras av { $authority }, { $email }, { $address }.

## Händelser
desk-journal-registered = Registrerat som { $number }: { $type }, { $unit }
desk-journal-fallback = Ärendetypen { $wished } finns inte här. Ärendet behöver fördelas
desk-journal-taken = { $name } har ärendet
desk-journal-returned = Ingen har ärendet
desk-journal-moved = Flyttat till { $type }, { $unit }
desk-journal-status = Status: { $status }
desk-journal-message-out = Meddelande skickat
desk-journal-message-in = { $kind ->
    [hearing_reply] Yttrande har kommit in
    [decision_request] Den sökande begär avgörande enligt 12 § förvaltningslagen
    [appeal] Överklagande har kommit in
   *[other] Den sökande har skrivit
}
desk-journal-supplement = { $documents ->
    [0] Komplettering har kommit in
    [one] Komplettering har kommit in med 1 handling
   *[other] Komplettering har kommit in med { $documents } handlingar
}
desk-journal-withdrawal = Den sökande har återkallat ärendet
desk-journal-decision = Beslut: { $outcome }
desk-journal-closed = Avslutat: { $outcome }
desk-journal-reopened = Öppnat igen
desk-journal-document-refused = Filen { $name } kunde inte hämtas ({ $why })
desk-journal-event-rejected = E-tjänsten tog inte emot händelsen { $event } ({ $why })

## Inloggning
error-not-staff-title = Du finns inte bland handläggarna här
error-not-staff-text = Din inloggning är giltig, men ingen med det tjänstekontot har tillgång till Handläggarstöd i den här kommunen.
error-not-staff-way-on = Be din chef eller kommunens systemförvaltare lägga till dig. Kontrollera också att du är på din egen kommuns adress.
error-no-errands-title = Du arbetar inte med ärenden här
error-no-errands-text = Ditt konto har ingen enhet eller ingen roll som handläggare, så det finns inga ärenden att visa.
error-no-errands-way-on = Be din chef eller kommunens systemförvaltare om det inte stämmer.
desk-signatures = Underskrifter
desk-signature-missing = Underskrift saknas
desk-signature-signature = Underskrift med e-legitimation
desk-signature-approval = Godkännande med e-legitimation
desk-signature-reauthentication = Förnyad legitimering
desk-signature-declined = Har avstått från att skriva under
desk-signature-unanswered = Skrev inte under i tid
desk-signature-by-hand = Kan inte tillfrågas i portalen. Ta in underskriften på annat sätt.
desk-signature-withdrawn = Ärendet togs tillbaka före underskriften
desk-signature-unnamed = Namnet visas inte
