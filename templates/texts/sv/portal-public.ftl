## Startsidan
start-title = E-tjänster och Mina sidor
start-heading = Vad vill du göra?
start-lead = Här ansöker, anmäler och frågar du hos { $municipality }, när det passar dig.
start-search-label = Sök bland e-tjänsterna
start-tasks = Här är det din tur
start-drafts = Du har börjat på
start-continue = Fortsätt utkastet: { $title }
start-categories = Välj ett område
start-popular = Används mest
start-all-services = Visa alla e-tjänster
start-help = Bra att veta
start-help-follow = Följ ditt ärende
start-help-follow-text = På Mina sidor ser du vad som har hänt, vem som ska göra nästa sak och vad kommunen har beslutat.
start-help-eid = Har du inte e-legitimation?
start-help-eid-text = Du har samma rätt ändå. Ring eller besök { $municipality }, så hjälper vi dig på ett annat sätt.
start-help-person = Prata med en människa
start-help-person-text = Vår kundtjänst kan svara på frågor om alla e-tjänster och om ditt ärende.

## Alla e-tjänster
services-title = E-tjänster
services-title-search = Sökning: { $query }
services-filter = Visa ett område
services-all = Alla
services-alphabetical = Alla e-tjänster, i bokstavsordning
services-found = { $count ->
    [0] Inga träffar på ”{ $query }”
    [one] 1 träff på ”{ $query }”
   *[other] { $count } träffar på ”{ $query }”
}
services-none = Vi hittade ingen e-tjänst
services-none-text = Prova ett annat ord, till exempel vad saken gäller i stället för vad blanketten heter. Du kan också ringa oss.
services-show-all = Visa alla e-tjänster

## En e-tjänst
service-closed = E-tjänsten är stängd
service-draft-heading = Du har redan börjat
service-draft-continue = Fortsätt där du var
service-begin = Börja
service-begin-login = Logga in och börja
service-begin-new = Börja om från början
service-look = Titta igenom frågorna först
service-look-login = Titta igenom frågorna utan att logga in
service-audience = Vem kan använda e-tjänsten?
service-may-act = Du kan göra det för:
service-may-act-self = dig själv
service-may-act-child = ditt barn
service-may-act-company = ett företag som du får företräda
service-may-act-association = en förening som du får företräda
service-needs = Det här behöver du
service-needs-eid = E-legitimation, till exempel BankID eller Freja
service-needs-nothing = Du behöver inte förbereda något.
service-saved-on-the-way = Dina svar sparas under tiden. Du kan ta en paus och fortsätta senare.
service-next = Det här händer sedan
service-personal-data = Så använder vi dina uppgifter
service-personal-data-more = Mer om personuppgifter och dina rättigheter
service-laws = Lagar som gäller
service-in-short = Kort om e-tjänsten
service-time = Tid att fylla i
service-assurance = Inloggning
service-assurance-none = Behövs inte. Du kan vara anonym.
service-assurance-low = Enkel inloggning (tillitsnivå 2)
service-assurance-substantial = E-legitimation (tillitsnivå 3)
service-assurance-high = E-legitimation med högsta säkerhet (tillitsnivå 4)
service-fee = Avgift
service-fee-none = Ingen avgift för att skicka in
service-signing = Underskrift
service-decision-time = När du får svar
service-other-ways = Andra sätt
service-other-ways-text = Du kan också lämna uppgifterna på papper eller per telefon.

## Logga in och ut
sign-in-title = Logga in
sign-in-lead = Välj hur du vill visa vem du är.
sign-in-for-service = ”{ $service }” kräver att du visar vem du är.
sign-in-cancelled-title = Du avbröt inloggningen
sign-in-cancelled-text = Inget har hänt. Du kan välja på nytt här nedanför.
sign-in-failed-title = Inloggningen gick inte igenom
sign-in-failed-text = E-legitimationen svarade att något inte stämde. Prova igen eller välj ett annat sätt.
sign-in-unavailable-title = Inloggningen ligger nere just nu
sign-in-unavailable-text = Vi får inget svar från inloggningstjänsten. Det du har sparat finns kvar. Prova igen om några minuter.
sign-in-level-title = Det behövs en säkrare e-legitimation
sign-in-level-text = Den e-legitimation som du använde räcker inte för den här e-tjänsten. Välj en med högre tillitsnivå.
sign-in-expired-title = Inloggningen tog för lång tid
sign-in-expired-text = Av säkerhetsskäl gäller varje försök bara några minuter. Börja om här nedanför.
sign-in-cannot = Kan du inte ha e-legitimation?
sign-in-cannot-text = Du kan göra ditt ärende ändå. Ring oss så hjälper vi dig.
sign-in-warning-title = Logga bara in när du själv har tagit kontakt
sign-in-warning-text = Logga aldrig in på uppmaning av någon som ringer, skriver eller knackar på. Kommunen ber dig aldrig om det.
signed-out-title = Du är utloggad
signed-out-self = Du har loggat ut från e-tjänsterna.
signed-out-timeout = Vi loggade ut dig eftersom du inte hade gjort något på en stund.
signed-out-broker = Du loggades ut från e-legitimationens tjänst och därför även här.
signed-out-drafts = Utkast som du har sparat finns kvar på Mina sidor.
signed-out-shared = Har du använt en dator som andra också använder? Stäng då webbläsaren.
signed-out-again = Logga in igen
signed-out-start = Till startsidan

## Tillgänglighet
a11y-title = Tillgänglighetsredogörelse
a11y-heading = Tillgänglighet för e-tjänster i { $municipality }
a11y-lead = { $municipality } står bakom den här webbplatsen. Vi vill att alla ska kunna använda den.
a11y-scope = Redogörelsen gäller e-tjänsterna och Mina sidor på { $host }. Den beskriver hur webbplatsen följer lagen om tillgänglighet till digital offentlig service, vilka problem vi känner till och hur du rapporterar brister så att vi kan åtgärda dem.
a11y-how-heading = Hur tillgänglig är webbplatsen?
a11y-how-full = Webbplatsen följer lagen om tillgänglighet till digital offentlig service helt. Vi känner inte till några brister.
a11y-how-partly = Webbplatsen följer lagen om tillgänglighet till digital offentlig service delvis. De brister som vi känner till beskrivs här nedanför.
a11y-shortcomings-heading = Brister som vi känner till
a11y-shortcomings-text = Det här kan vara svårt att använda för dig med funktionsnedsättning. Vi arbetar med att rätta till det.
a11y-features-heading = Så är webbplatsen gjord
a11y-features-keyboard = Allt går att göra med enbart tangentbord, och det syns alltid var du är.
a11y-features-zoom = Du kan förstora sidan till 400 procent eller ändra textstorleken utan att något försvinner.
a11y-features-colours = Sidorna följer din inställning för ljust, mörkt eller ökad kontrast.
a11y-features-script = Alla e-tjänster fungerar även utan JavaScript.
a11y-features-time = Du kan ta en paus. Svaren sparas, och du får en fråga innan du loggas ut.
a11y-other-way-heading = Om du inte kan använda delar av webbplatsen
a11y-other-way-text = Du kan få innehållet på ett annat sätt, till exempel uppläst, på papper eller i lättläst form. { $municipality } hjälper dig också att lämna in det som annars görs i en e-tjänst. Kontakta oss:
a11y-other-way-time = Vi svarar så snart vi kan, normalt inom två arbetsdagar.
a11y-report-heading = Rapportera brister
a11y-report-text = Vi försöker hela tiden bli bättre. Har du hittat ett problem som inte beskrivs här, eller tycker du att vi inte följer lagen? Berätta för oss, så att vi får veta att det finns.
a11y-supervision-heading = Tillsyn
a11y-supervision-text = Myndigheten för digital förvaltning, Digg, har ansvar för tillsynen över lagen om tillgänglighet till digital offentlig service. Är du inte nöjd med hur vi hanterar dina synpunkter kan du anmäla det till Digg. Du kan också begära att Digg prövar om det är oskäligt betungande för oss att göra innehållet tillgängligt, enligt 12 § i lagen.
a11y-supervision-link = Anmäl till Digg
a11y-technical-heading = Teknisk information om tillgängligheten
a11y-technical-law = Kraven finns i lagen (2018:1937) om tillgänglighet till digital offentlig service, förordningen (2018:1938) och Diggs föreskrifter MDFFS 2019:2.
a11y-technical-standard = Webbplatsen är gjord för att uppfylla WCAG 2.2 på nivå AA och standarden EN 301 549 version 3.2.1, som bygger på WCAG 2.1.
a11y-tested-heading = Hur vi har testat webbplatsen
a11y-tested-text = Vi har gjort en egen granskning. Varje del av sidorna prövas automatiskt vid varje ändring och för hand med tangentbord, förstoring, hög kontrast och utan JavaScript.
a11y-tested-dates = Senaste bedömningen gjordes { $assessed }. Redogörelsen uppdaterades senast { $updated }.

## Personuppgifter
privacy-title = Personuppgifter
privacy-heading = Så behandlar vi dina personuppgifter
privacy-lead = När du använder e-tjänsterna och Mina sidor behöver vi veta vissa saker om dig. Här står vad, varför, hur länge och vilka rättigheter du har.
privacy-who-heading = Vem ansvarar?
privacy-who-text = Den nämnd i { $municipality } (organisationsnummer { $number }) som handlägger ditt ärende är personuppgiftsansvarig för uppgifterna i ärendet. Kommunstyrelsen ansvarar för inloggning, utkast och Mina sidor. Du når dem genom kommunens kontaktuppgifter:
privacy-dpo-heading = Dataskyddsombud
privacy-dpo-text = Dataskyddsombudet ser till att kommunen följer reglerna och svarar på frågor om dina personuppgifter:
privacy-what-heading = Vilka uppgifter behandlar vi?
privacy-what-login = När du loggar in: namn, personnummer och vilken sorts e-legitimation du använde.
privacy-what-register = Från folkbokföringen: namn och adress, och när en e-tjänst behöver det vilka barn du är vårdnadshavare för.
privacy-what-answers = Det du själv svarar, skriver och bifogar.
privacy-what-contact = E-postadress och telefonnummer, om du lämnar dem.
privacy-what-technical = Teknisk logg: tid, sida och ip-adress, för att webbplatsen ska vara säker.
privacy-source-heading = Var kommer uppgifterna ifrån?
privacy-source-text = Från dig själv, från den e-legitimation du loggar in med och från folkbokföringen genom Skatteverkets register Navet. I formuläret står det vid varje uppgift som vi har hämtat.
privacy-why-heading = Varför, och med vilket stöd?
privacy-why-text = Vi använder uppgifterna för att ta emot, handlägga och besluta i ditt ärende, ge dig besked och visa ärendet för dig. Stödet finns i dataskyddsförordningen:
privacy-why-public-interest = Det är nödvändigt för en uppgift av allmänt intresse eller som ett led i kommunens myndighetsutövning (artikel 6.1 e).
privacy-why-duty = Lagen kräver att vi registrerar, bevarar och lämnar ut allmänna handlingar (artikel 6.1 c).
privacy-why-sensitive = Känsliga uppgifter, till exempel om hälsa, behandlas bara när ärendet kräver det (artikel 9.2 g och 3 kap. 3 § dataskyddslagen).
privacy-why-services = Vilken lag som gäller för en viss e-tjänst står på dess sida:
privacy-must-heading = Måste du lämna uppgifterna?
privacy-must-text = Nej, men utan de uppgifter som behövs kan vi kanske inte pröva ditt ärende. Frågor märkta ”frivilligt” kan du alltid hoppa över.
privacy-receivers-heading = Vilka får se uppgifterna?
privacy-receivers-text = Bara de som behöver dem i sitt arbete:
privacy-receivers-handlers = Handläggare och beslutande i den nämnd som ärendet hör till.
privacy-receivers-suppliers = Företag som sköter våra system, enligt personuppgiftsbiträdesavtal.
privacy-receivers-public = Den som begär ut en allmän handling, om uppgifterna inte är hemliga enligt offentlighets- och sekretesslagen.
privacy-receivers-abroad = Vi för inte över uppgifterna till länder utanför EU och EES.
privacy-how-long-heading = Hur länge sparas uppgifterna?
privacy-how-long-drafts = { $days ->
    [one] Utkast som du inte skickar in raderas efter 1 dag.
   *[other] Utkast som du inte skickar in raderas efter { $days } dagar.
}
privacy-how-long-cases = { $days ->
    [one] Ett avslutat ärende visas på Mina sidor i 1 dag.
   *[other] Ett avslutat ärende visas på Mina sidor i { $days } dagar.
}
privacy-how-long-archive = Ärendets handlingar sparas sedan i kommunens verksamhetssystem och arkiv. Arkivlagen och nämndens dokumenthanteringsplan bestämmer hur länge.
privacy-how-long-register = Det vi hämtar från folkbokföringen visas bara under din inloggning. Det som du skickar in följer ärendet.
privacy-protected-heading = Skyddade personuppgifter
privacy-protected-text = Har du skyddade personuppgifter hämtar vi ingen adress, och bara en liten krets får se ditt ärende. Du kan alltid ringa oss i stället.
privacy-rights-heading = Dina rättigheter
privacy-rights-text = Du kan vända dig till oss för att:
privacy-rights-access = få veta vilka uppgifter vi har om dig och få en kopia (artikel 15)
privacy-rights-correct = få fel rättade (artikel 16)
privacy-rights-erase = få uppgifter raderade, om lagen inte kräver att vi har dem kvar (artikel 17)
privacy-rights-limit = få behandlingen begränsad medan något utreds (artikel 18)
privacy-rights-object = invända mot behandlingen (artikel 21).
privacy-rights-how = Det kostar inget. Vi svarar inom en månad.
privacy-automatic-heading = Automatiska beslut
privacy-automatic-text = Inga beslut fattas helt automatiskt i e-tjänsterna. En människa prövar ditt ärende.
privacy-cookies-heading = Kakor
privacy-cookies-text = Vi använder bara kakor som behövs för att webbplatsen ska fungera. De läses inte av någon annan och används inte för statistik.
privacy-cookie-session = kp_session
privacy-cookie-session-text = Håller dig inloggad. Försvinner när du loggar ut.
privacy-cookie-login = kp_tx
privacy-cookie-login-text = Behövs under själva inloggningen. Finns i några minuter.
privacy-cookie-draft = kp_utkast
privacy-cookie-draft-text = Gör att du hittar tillbaka till ett utkast utan inloggning. Finns i högst { $days } dagar.
privacy-cookie-language = kp_lang
privacy-cookie-language-text = Minns vilket språk du har valt.
privacy-complain-heading = Om du inte är nöjd
privacy-complain-text = Hör gärna av dig till oss först. Du kan alltid klaga hos Integritetsskyddsmyndigheten, IMY:
privacy-updated = Texten uppdaterades senast { $date }.
