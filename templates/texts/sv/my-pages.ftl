## Mina sidor
my-pages-title = Mina sidor
my-pages-nav = Mina sidor
my-pages-nav-overview = Översikt
my-pages-nav-drafts = Utkast
my-pages-nav-messages = Meddelanden
my-pages-nav-settings = Inställningar
my-pages-refused-heading = Vi når dig inte med e-post
my-pages-refused-text = Mejlet vi skickade till { $email } kom tillbaka. Därför får du inga besked dit. Allt finns kvar här på Mina sidor.
my-pages-refused-link = Kontrollera din e-postadress
my-pages-waiting = Det här väntar på dig
my-pages-waiting-news = Nytt i dina ärenden
my-pages-waiting-none = Just nu är det inget du behöver göra.
my-pages-news = Nytt: { $what }
my-pages-news-changed = Ärendet har ändrats
my-pages-drafts = Utkast
my-pages-drafts-all = Se och ta bort utkast
my-pages-open = Pågående ärenden
my-pages-closed = Avslutade ärenden
my-pages-empty = Du har inga ärenden här än
my-pages-empty-text = När du har skickat in något via en e-tjänst kan du följa det här.
my-pages-older = Visa äldre ärenden
my-pages-newest = Till de senaste ärendena
my-pages-anonymous = Ärenden som du har skickat in utan att logga in visas inte här.
my-pages-card-reference = Ärendenummer
my-pages-card-diary = Diarienummer { $number }
my-pages-card-updated = Senast ändrat { $date }

## Utkast
drafts-title = Utkast
drafts-lead = Kommunen ser inte dina svar förrän du skickar in dem.
drafts-continue = Fortsätt
drafts-remove = Ta bort
drafts-none = Du har inga utkast
drafts-none-text = När du börjar fylla i en e-tjänst sparas dina svar här tills du skickar in dem.

## Alla meddelanden
messages-title = Meddelanden
messages-unread = { $count ->
    [0] Du har läst alla meddelanden.
    [one] Du har 1 oläst meddelande.
   *[other] Du har { $count } olästa meddelanden.
}
messages-none = Du har inga meddelanden
messages-none-text = När kommunen skriver till dig i ett ärende ser du det här. Vill du skriva själv gör du det i ärendet.

## Inställningar
settings-title = Inställningar
settings-lead = Välj hur kommunen ska nå dig. Du kan lämna fälten tomma.
settings-email = E-postadress
settings-email-hint = Hit skickar vi kvitton och säger till när något är nytt. I mejlet står aldrig vad du eller kommunen har skrivit i ärendet.
settings-email-wrong = Skriv e-postadressen så här: namn@exempel.se
settings-phone = Telefonnummer
settings-phone-hint = Handläggaren kan ringa om något är oklart.
settings-phone-wrong = Skriv ett telefonnummer, till exempel 070-123 45 67
settings-channel = Hur vill du få besked?
settings-channel-mina-sidor = Här på Mina sidor
settings-channel-mina-sidor-hint = Vi mejlar när det finns något nytt, om du har lämnat en e-postadress.
settings-channel-brev = Med brev
settings-channel-brev-hint = Du kan ändå läsa allt här.
settings-channel-missing = Välj hur du vill få besked
settings-new-cases = Uppgifterna fylls i åt dig nästa gång du använder en e-tjänst. Ärenden som du redan har skickat in ändras inte. Skriv ett meddelande i ärendet om handläggaren behöver veta.
settings-save = Spara
settings-saved = Dina inställningar är sparade.
settings-refused-text = Mejl till adressen här nedanför kommer tillbaka. Kontrollera att den är rätt, eller lämna en annan.
settings-kept = Du har legitimerat dig. Det du skrev finns kvar här. Välj Spara igen.
settings-logins = Se var du är inloggad, och logga ut

## Where she is logged in
logins-title = Här är du inloggad
logins-lead = Varje inloggning som gäller just nu. Logga ut på enheter som du inte använder.
logins-here = Den här enheten
logins-unknown = Okänd webbläsare
logins-begun = Inloggad { $time }
logins-method = Med { $method }
logins-seen = Senast använd { $time }
logins-end = Logga ut den här
logins-end-here = Logga ut här
logins-end-others = Logga ut alla andra
logins-ended = Utloggningen är klar.
logins-strange = Känner du inte igen en inloggning? Logga ut den och kontakta den som har gett ut din e-legitimation. Kontakta också kommunen.

## Ett ärende
case-outcome = Resultat: { $outcome }.
case-answer-now = Svara här på sidan
case-decision = Beslut
case-messages = Meddelanden
case-messages-none = Här finns inga meddelanden än.
case-messages-closed = Ärendet är avslutat eller överlämnat, så det går inte att skriva fler meddelanden här. Kontakta oss om du undrar något.
case-events = Det här har hänt
case-documents = Handlingar
case-receipt = Kvitto
case-receipt-soon = Kvittot skapas. Ladda om sidan om en liten stund.
case-given-files = Från kommunen
case-own-files = Filer som du skickade
case-sent = Det här skickade du in
case-sent-show = Visa dina svar
case-about = Om ärendet
case-reference = Ärendenummer
case-diary = Diarienummer
case-diary-none = Inget än. Du får det när ärendet är registrerat.
case-received = Inkom till kommunen
case-unit = Handläggs av
case-unit-unknown = Inte bestämt än
case-handler = Handläggare
case-handler-email = E-post till handläggaren
case-handler-phone = Telefon till handläggaren
case-trail = Var är ärendet?
case-contact = Har du frågor?
case-contact-text = Skriv i ärendet, eller kontakta kommunen. Nämn ärendenumret { $reference }.
case-notice-sent = Ditt meddelande är skickat.
case-notice-withdrawn = Du har tagit tillbaka ärendet.

trail-received = Mottaget hos oss
trail-registered = Registrerat i { $receiver }
trail-waiting = På väg till handläggarens system. Tryggt hos oss under tiden.
trail-late = Väntar tills handläggarens system svarar. Tryggt hos oss under tiden.
trail-down = Ditt ärende är tryggt hos oss, och det räknas som inkommet den { $date }.

message-from-you = Du
message-from-municipality = Kommunen
message-no-reply = Du behöver inte svara på det här meddelandet.
message-empty = Skriv ditt meddelande
message-too-long = Texten är för lång. Korta den till högst { $count } tecken.

## Vems tur det är
case-answered = Du har svarat
case-supplement-answered = Kommunen bad om mer, och du har svarat. Nu tittar handläggaren på det.

turn-supplement = Läs det senaste meddelandet från kommunen och svara här på sidan.
turn-you = Kommunen väntar på dig. Läs det senaste meddelandet här på sidan.
turn-municipality = Du behöver inte göra något. Vi hör av oss om vi behöver något från dig.

## Beslut
decision-version = Beslutet har ändrats. Det här är version { $version }.
decision-reasons = Därför beslutade vi så
decision-law = Lagar som beslutet bygger på
decision-by = Beslutat av
decision-automated = Beslutet är fattat automatiskt
decision-date = Datum
appeal-heading = Om du inte håller med
appeal-fl-how = Du kan överklaga om beslutet har gått dig emot. Skriv vilket beslut du överklagar, hur du vill att det ska ändras och varför. Skicka överklagandet till kommunen, inte till domstolen. Vi prövar om det har kommit in i tid och lämnar det sedan vidare till { $court }.
appeal-fl-when = { $weeks ->
    [one] Överklagandet ska ha kommit in till kommunen inom en vecka från den dag då du fick del av beslutet genom kommunen.
    [3] Överklagandet ska ha kommit in till kommunen inom tre veckor från den dag då du fick del av beslutet genom kommunen.
   *[other] Överklagandet ska ha kommit in till kommunen inom { $weeks } veckor från den dag då du fick del av beslutet genom kommunen.
}
appeal-fl-safe = Kommer överklagandet in senast den { $date } är det säkert i tid.
appeal-fl-served = När du öppnar den här sidan registrerar vi det inte som delgivning. Fråga handläggaren om du är osäker på vilken dag som gäller.
appeal-kl-how = Du som är medlem i kommunen kan begära att domstolen prövar om beslutet är lagligt (laglighetsprövning). Skriv vilket beslut du överklagar och varför du menar att det är fel enligt lagen. Skicka överklagandet till { $court }.
appeal-kl-when = { $weeks ->
    [one] Överklagandet ska ha kommit in till domstolen inom en vecka från den dag då protokollet tillkännagavs på kommunens anslagstavla. Dagen står på anslagstavlan.
    [3] Överklagandet ska ha kommit in till domstolen inom tre veckor från den dag då protokollet tillkännagavs på kommunens anslagstavla. Dagen står på anslagstavlan.
   *[other] Överklagandet ska ha kommit in till domstolen inom { $weeks } veckor från den dag då protokollet tillkännagavs på kommunens anslagstavla. Dagen står på anslagstavlan.
}

## Ta tillbaka ett ärende
withdraw-link = Ta tillbaka ärendet
withdraw-title = Vill du ta tillbaka ärendet?
withdraw-back = Till ärendet
withdraw-means = Det här betyder det
withdraw-means-stop = Kommunen slutar handlägga ärendet och fattar inget beslut om det du sökte.
withdraw-means-final = Du kan inte ångra dig här. Kontakta kommunen om det blev fel.
withdraw-means-again = Du kan skicka in ett nytt ärende när du vill, men då räknas dagen då det nya kommer in.
withdraw-means-kept = Det du har skickat in finns kvar hos kommunen som en allmän handling.
withdraw-instead = Vill du bara ändra något? Skriv ett meddelande i ärendet i stället.
withdraw-reason = Berätta varför
withdraw-button = Ta tillbaka ärendet
withdraw-keep = Nej, låt ärendet vara kvar
withdraw-message = Jag tar tillbaka mitt ärende.

## Fel
error-case-over-title = Ärendet har gått vidare
error-case-over-text = Ärendet är beslutat eller avslutat, så det går inte att ändra härifrån. Det sista du skickade är inte sparat.
error-case-over-way-on = Öppna ärendet på Mina sidor och se hur det ligger till. Kontakta oss om något är fel.

## Vad varje status betyder och vad som händer härnäst
status-received-text = Kommunen har tagit emot ditt ärende.
status-received-next = Kommunen registrerar ärendet.
status-registered-text = Ärendet har fått ett diarienummer hos kommunen.
status-registered-next = En handläggare tar hand om ärendet.
status-assigned-text = En handläggare ansvarar nu för ditt ärende.
status-assigned-next = Handläggaren går igenom ärendet.
status-in-progress-text = Kommunen arbetar med ditt ärende.
status-in-progress-next = Handläggaren arbetar vidare. Du behöver inte göra något nu.
status-supplement-needed-text = Kommunen behöver fler uppgifter från dig.
status-supplement-needed-next = Skicka det som kommunen har bett om.
status-supplement-received-text = Kommunen har fått det du har skickat.
status-supplement-received-next = Handläggaren går igenom det du har skickat.
status-awaiting-decision-text = Ärendet är utrett och väntar på beslut.
status-awaiting-decision-next = Kommunen fattar beslut.
status-decided-text = Kommunen har fattat ett beslut i ditt ärende.
status-decided-next = Läs beslutet. Där står hur du överklagar om du inte är nöjd.
status-appealed-text = Beslutet är överklagat.
status-appealed-next = Kommunen prövar om överklagandet har kommit in i tid och skickar det vidare.
status-enforced-text = Det som beslutades är genomfört.
status-enforced-next = Du behöver inte göra något mer.
status-paused-text = Ärendet är vilande en tid.
status-paused-next = Kommunen hör av sig när ärendet tas upp igen.
status-transferred-text = Ärendet är överlämnat till en annan enhet eller myndighet.
status-transferred-next = Den som har tagit över ärendet hör av sig.
status-withdrawn-text = Du har tagit tillbaka ärendet.
status-withdrawn-next = Du behöver inte göra något mer.
status-rejected-formally-text = Kommunen har avvisat ärendet och prövar det inte.
status-rejected-formally-next = Läs beslutet. Där står hur du överklagar om du inte är nöjd.
status-closed-text = Ärendet är avslutat.
status-closed-next = Du behöver inte göra något mer.

## Tidslinjen
case-event-received = Ditt ärende kom in
case-event-registered = Ärendet är registrerat
case-event-registered-text = Diarienummer { $number }
case-event-message = Meddelande från kommunen
case-event-own-message = Du skickade ett meddelande
case-event-document = Nytt dokument
case-event-decision = Beslut
case-event-closed = Ärendet är avslutat
case-event-reopened = Ärendet är öppnat igen
case-event-withdrawn = Du tog tillbaka ärendet
case-outcome-approved = Bifall – du har fått det du sökte
case-outcome-partly-approved = Delvis bifall – du har fått en del av det du sökte
case-outcome-rejected = Avslag – du har inte fått det du sökte
case-outcome-dismissed = Avvisat – kommunen kunde inte pröva ärendet
case-outcome-written-off = Avskrivet – ärendet har avslutats utan beslut i sak
case-outcome-answered = Åtgärdat eller besvarat
case-handler-unnamed = En handläggare
case-handler-none = Ingen handläggare är utsedd än

## Underskrifter
my-pages-to-sign = Väntar på din underskrift
my-pages-to-sign-link = Läs och skriv under
case-signatures = Underskrifter
case-signers = Andra som ska skriva under
case-signers-waiting = Väntar på underskrift
case-signers-waiting-text = Kommunen har tagit emot det du skickade. Handläggningen börjar när alla som ska skriva under har svarat.
case-signatures-fail = En underskrift kan inte bekräftas
case-signatures-fail-text = Något stämmer inte med det som är sparat om underskriften. Kommunen har fått veta det. Kontakta oss om du undrar.
case-receipt-test = Kontrollera ett kvitto

## Det kommunen frågar efter
asked-title = Det här ber kommunen om
asked-title-over = Det här har kommunen bett om
asked-supplement = Komplettering behövs
asked-supplement-over = Komplettering
asked-hearing-over = Synpunkter före beslut
asked-hearing = Läs och svara innan kommunen beslutar
asked-supplement-answer = Skicka in komplettering
asked-hearing-answer = Lämna dina synpunkter
asked-due = Svara senast { $date }.
asked-late = Tiden har gått ut. Du kan ändå svara, men det är inte säkert att kommunen hinner ta hänsyn till det.
asked-consequence = Om du inte svarar: { $text }
asked-again = Det här fattas fortfarande
asked-show = Visa vad kommunen bad om
asked-state-open = Väntar på ditt svar
asked-state-submitted = Du har svarat
asked-state-accepted = Klart
asked-state-expired = Tiden har gått ut
asked-state-cancelled = Behövs inte längre
turn-asked = Kommunen ber dig om något. Läs vad och svara här på sidan.
turn-confirm = Läs beslutet och bekräfta att du har tagit del av det.
case-due = Beslut väntas senast { $date }.
message-thread = Vad gäller ditt meddelande?
message-thread-new = Något annat
decision-replaced = Ersatt av ett nytt beslut
decision-served = Du har tagit del av beslutet { $date }.
decision-confirm-text = Kommunen behöver veta att du har tagit del av beslutet. Tiden för att överklaga räknas från den dag då du bekräftar. Bara att öppna sidan räknas inte.
decision-confirm = Jag har tagit del av beslutet
appeal-link = Överklaga beslutet
appeal-link-more = Lägg till i överklagandet
decision-appealed = Du har överklagat. Överklagandet kom in { $time }.
appeal-fl-last = Överklagandet ska ha kommit in senast den { $date }.
case-notice-answered = Ditt svar är framme hos kommunen. Det kom in { $time }.
case-notice-appealed = Ditt överklagande är framme hos kommunen. Det kom in { $time }.
case-notice-hurried = Din begäran är framme hos kommunen. Den kom in { $time }.
case-notice-confirmed = Du har bekräftat att du har tagit del av beslutet.
case-event-due-date = Ingen dag för beslut är bestämd
case-event-supplement = Kommunen ber om komplettering
case-event-supplement-accepted = Kompletteringen räcker
case-event-supplement-insufficient = Kompletteringen räcker inte än
case-event-supplement-expired = Tiden för komplettering har gått ut
case-event-supplement-cancelled = Kompletteringen behövs inte längre
case-event-hearing = Du kan lämna synpunkter innan kommunen beslutar
case-event-document-withdrawn = Ett dokument har tagits bort
case-event-served = Du har fått del av beslutet
case-event-appealed = Ett överklagande har kommit in
case-event-transferred = Ärendet är överlämnat
case-event-transferred-to = Ärendet är överlämnat till { $who }
case-event-own-supplement = Du skickade in komplettering
case-event-own-hearing-reply = Du lämnade synpunkter
case-event-own-decision-request = Du begärde att kommunen avgör ärendet
case-event-own-appeal = Du överklagade
case-event-own-confirmation = Du bekräftade att du har tagit del av beslutet
trail-submission = Det du skickade in
trail-supplement = Komplettering
trail-message = Meddelande
trail-hearing-reply = Synpunkter
trail-withdrawal = Återkallelse
trail-decision-request = Begäran om avgörande
trail-appeal = Överklagande
trail-all = Visa fler inskickade saker
trail-down-heading = Handläggningssystemet svarar inte just nu

## Svara, överklaga och begära avgörande
reply-asked = Det här ber kommunen om
reply-back = Tillbaka utan att skicka
reply-files = Filer
reply-files-other = Andra filer
reply-files-hint = Du kan välja flera filer. De sparas här tills du skickar.
reply-files-save = Spara filerna och fortsätt
reply-changed = Kommunen har ändrat vad den ber om medan du skrev. Läs igenom en gång till och skicka sedan.
reply-item-missing = Lägg till { $label }, eller skriv varför du inte kan skicka det.
reply-supplement-heading = Skicka in komplettering
reply-supplement-label = Skriv till kommunen
reply-supplement-hint = Till exempel om något saknas, och varför.
reply-supplement-button = Skicka in
reply-supplement-empty = Lägg till en fil eller skriv ett svar
reply-supplement-bare = Jag skickar in det som ni har bett om.
reply-hearing-heading = Lämna dina synpunkter
reply-hearing-label = Dina synpunkter
reply-hearing-hint = Skriv om något är fel eller saknas i det som beslutet ska bygga på.
reply-hearing-button = Skicka synpunkterna
reply-hearing-empty = Skriv dina synpunkter
reply-hearing-bare = Se bifogade filer.
reply-appeal-heading = Överklaga beslutet
reply-appeal-lead = Kommunen prövar om överklagandet har kommit in i tid och lämnar det sedan vidare till domstolen. Det räknas som inkommet när du skickar det.
reply-appeal-by = Det ska ha kommit in senast den { $date }.
reply-appeal-late = Tiden gick ut den { $date }. Du kan ändå skicka. Kommunen prövar om överklagandet har kommit in i tid.
reply-appeal-unknown = Det ska ha kommit in inom den tid som står i beslutet.
reply-appeal-label = Ditt överklagande
reply-appeal-hint = Skriv hur du vill att beslutet ska ändras och varför.
reply-appeal-button = Skicka överklagandet
reply-appeal-empty = Skriv hur du vill att beslutet ska ändras och varför
reply-appeal-bare = Jag överklagar beslutet.
reply-hurry-link = Begär att kommunen avgör ärendet
reply-hurry-heading = Begär att kommunen avgör ärendet
reply-hurry-lead = Ditt ärende kom in { $date }. När det har gått sex månader utan beslut kan du begära att kommunen avgör det. Inom fyra veckor ska kommunen då antingen avgöra ärendet eller avslå din begäran. Ett avslag på begäran kan du överklaga.
reply-hurry-once = Du kan begära det en gång i varje ärende.
reply-hurry-label = Skriv till kommunen
reply-hurry-hint = Du behöver inte skriva något.
reply-hurry-button = Skicka begäran
reply-hurry-bare = Jag begär att ni avgör mitt ärende enligt 12 § förvaltningslagen.
