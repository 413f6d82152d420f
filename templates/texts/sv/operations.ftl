admin-nav-statuses = Statusar
admin-nav-connections = Anslutningar
admin-yes = Ja
admin-no = Nej
admin-masked = dolt
admin-kind = Typ
admin-reference = Ärende
admin-sender = Avsändare
admin-count = Antal
admin-last = Senast
admin-example = Exempel

## Mottagare
admin-target-kind-contract = Kontraktet över HTTP, vi skickar
admin-target-kind-polled = Kontraktet över HTTP, systemet hämtar
admin-target-kind-folder = Mapp
admin-target-kind-email = Brev till registrator
admin-target-kind-rest-example = Eget gränssnitt, översatt
admin-target-sends = Skickar
admin-target-fetches = Hämtar själv
admin-target-stopped = Står stilla
admin-waiting = Väntar
admin-oldest = den äldsta i { $age }
admin-age-moment = mindre än en minut
admin-age-minutes = { $count ->
    [one] 1 minut
   *[other] { $count } minuter
}
admin-age-hours = { $count ->
    [one] 1 timme
   *[other] { $count } timmar
}
admin-age-days = { $count ->
    [one] 1 dygn
   *[other] { $count } dygn
}
admin-accepted = Mottaget, inte registrerat
admin-throughput = Registrerat
admin-throughput-text = { $hour } senaste timmen, { $day } senaste dygnet
admin-failures = { $count ->
    [one] Det senaste försöket misslyckades.
   *[other] De { $count } senaste försöken misslyckades.
}
admin-ask-now = Fråga { $name } igen nu
admin-resume = Återuppta { $name }
admin-pause = Pausa { $name }
admin-pause-why = Varför ska utskicken stå stilla?
admin-pause-hint = Skriv inget om någon enskild. Alla med tillgång till administrationen ser det.
admin-error-why-pause = Skriv varför utskicken ska stå stilla

## En leverans
admin-sent-to = Skickad till
admin-its-events = Händelser i ärendet
admin-files = Handlingar
admin-files-text = Hämta bara det du behöver för att registrera. Varje hämtning skrivs i loggen.
admin-files-closed = Handlingarna hämtas av mottagaren. Här kan de hämtas när ärendet måste registreras för hand.
admin-file-receipt = Kvitto
admin-file-attachment = Bilaga
admin-file-from-municipality = Från kommunen
admin-content = Innehåll
admin-content-text = Innehållet är { $size } och skickas likadant vid varje försök. Att du läser det skrivs i loggen.
admin-content-show = Visa innehållet
admin-content-masked = Personuppgifter, svar och fri text är dolda.
admin-content-none = Innehållet sätts samman när leveransen skickas första gången.
admin-content-protected = Någon i ärendet har skyddade personuppgifter. Innehållet visas inte här.
admin-letter-heading = Registrera
admin-letter-text = Hämta handlingarna, registrera ärendet i diariet och skriv diarienumret här. Invånaren ser det på Mina sidor.
admin-letter-later = Hämta handlingarna, för dem till ärendet i diariet och bekräfta här.
admin-letter-done = Det är registrerat
admin-error-number = Skriv diarienumret
admin-cancel-heading = Skicka inte
admin-cancel-text = Leveransen avbryts för gott. Är det själva ärendet avbryts också det som följer i det. Har mottagaren redan fått leveransen ligger den kvar där.
admin-cancel-why = Varför den inte ska skickas
admin-cancel = Avbryt leveransen
admin-error-why-cancel = Skriv varför den inte ska skickas

## Händelser
admin-events-title = Händelser
admin-events-text = Allt som mottagarna har skickat och vi har tagit emot, det senaste först. Det som nekades sparas inte; avsändaren fick veta varför.
admin-events-case = Ärende
admin-events-case-hint = Beteckningen EK-… eller id i portalen
admin-events-any = Alla
admin-events-from = Från och med
admin-events-until = Till och med
admin-events-day-hint = Till exempel 2026-11-22
admin-error-fran = Skriv första dagen så här: 2026-11-22
admin-error-till = Skriv sista dagen så här: 2026-11-22
admin-fate-all = Alla
admin-fate-text-applied = Händelsen gäller.
admin-fate-text-stale = En nyare händelse om samma sak hade redan kommit. Den här finns i historiken.
admin-fate-text-held = Ärendet var avslutat när den kom. Den gäller om ärendet öppnas igen.
admin-fate-text-parked = Ärendet är inte känt som mottagarens än. Den tillämpas av sig själv när registreringen kommer, och ges upp efter en kvart.
admin-fate-text-unmapped = Koden saknar rad i tabellen, eller så saknar beslutet överklagandehänvisning. Invånaren ser den status hon hade.
admin-fate-text-dead = Ärendet blev inte känt i tid. Den tillämpas av sig själv om ärendet blir känt.
admin-event-title = Händelse
admin-event-received = Kom
admin-event-fate = Utfall
admin-event-code = Kod
admin-event-unknown-case = Okänt ärende
admin-event-did = Vad den gjorde
admin-event-visible = Den står i ärendets tidslinje, där invånaren ser den.
admin-event-hidden = Den står i ärendets tidslinje, dold för invånaren.
admin-event-no-row = Den har ingen egen rad i ärendets tidslinje.
admin-event-envelope = Kuvert
admin-event-data = Uppgifter
admin-event-no-data = Inga uppgifter.
admin-event-run-heading = Kör igen
admin-event-run-text = Allt som väntar i ärendet tillämpas, om mottagaren har registrerat det.
admin-event-run = Kör igen
admin-event-replay-heading = Spela upp ärendet
admin-event-replay-text = Ärendets sparade händelser tillämpas på nytt i den ordning de kom, med dagens tabell. Ingen får något meddelande.
admin-event-replay = Spela upp händelserna
admin-event-ask-heading = Be mottagaren skicka igen
admin-event-ask-text = Mottagaren får en avisering om att skicka ärendets händelser en gång till. Det som redan är känt räknas inte två gånger.
admin-event-ask = Be om händelserna igen
admin-event-told-kord = Det som väntade är tillämpat.
admin-event-told-vantar = Ärendet är inte registrerat hos mottagaren. Händelsen väntar fortfarande.
admin-event-told-uppspelad = Ärendets händelser är uppspelade. Ingen fick något meddelande.
admin-event-told-begard = Mottagaren har fått en avisering.

## Statusar
admin-table-text = Ändras i filen
admin-no-table = Ingen tabell. Varje kod som kommer blir okänd.
admin-shown-as = Visas som
admin-case-type = Ärendetyp
admin-all-types = Alla
admin-tells = Avisering
admin-in-timeline = I tidslinjen
admin-from = från { $day }

## Anslutningar
admin-connections-text = Systemen som tar emot ärenden och nycklarna de har. Det som står i inställningarna ändras där och visas aldrig.
admin-rotate-heading = Så byter du nyckel utan avbrott
admin-rotate-text = Skapa en ny, lägg in den i systemet, se att den används och dra sedan in den gamla. Två av varje slag kan gälla samtidigt, och båda gäller tills du drar in en.
admin-from-settings = Från inställningarna
admin-set-token = { $count ->
   *[other] Åtkomstnyckel
}
admin-set-secret-in = { $count ->
    [one] 1 hemlighet för det systemet skickar
   *[other] { $count } hemligheter för det systemet skickar
}
admin-set-secret-out = { $count ->
    [one] 1 hemlighet för det vi skickar
   *[other] { $count } hemligheter för det vi skickar
}
admin-set-oauth2 = { $count ->
   *[other] OAuth 2.0 hos systemet
}
admin-set-certificate = { $count ->
   *[other] Klientcertifikat
}
admin-key-token = Åtkomstnyckel
admin-key-token-text = Systemet läser och hämtar med den.
admin-key-secret-in = Signeringshemlighet
admin-key-secret-in-text = Systemet signerar det som det skickar till oss.
admin-key-client = Klient
admin-key-client-text = Systemet byter den mot åtkomstnycklar som gäller i tio minuter (OAuth 2.0 client credentials).
admin-key-none = Ingen är utfärdad här.
admin-key-issue = Skapa ny
admin-key-full = Två gäller. Dra in en för att kunna skapa en ny.
admin-key-two-alive = { $system } har redan två nycklar av slaget { $kind }. Dra in en först.
admin-key-made = Skapad { $time } av { $who }
admin-key-used = Senast använd { $time }
admin-key-unused = Inte använd
admin-key-over = Nycklar som inte gäller
admin-key-ended = Indragen { $time } av { $who }
admin-key-new = Ny nyckel
admin-key-once = Den visas bara nu. Kopiera den till systemet innan du lämnar sidan.
admin-key-system = System
admin-key-itself = Nyckel
admin-key-saved = Jag har kopierat den
admin-key-revoke = Dra in
admin-key-revoke-title = Dra in nyckeln
admin-key-revoke-text = Nyckeln slutar gälla genast. Använder { $system } den nekas anropen tills systemet har en annan.
admin-key-last-used = Senast använd
admin-said-no-connection = Ingen förbindelse
admin-said-no-answer = Inget svar i tid
admin-said-connection-broke = Förbindelsen bröts
admin-said-certificate = Certifikatet godtas inte
admin-said-worker-stopped = Avbröts när arbetaren stannade
admin-said-unreadable-answer = Svaret går inte att läsa
admin-said-no-token = Ingen åtkomstnyckel lämnades ut
