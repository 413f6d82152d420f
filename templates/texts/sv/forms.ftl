## Svar som saknas
form-missing-text = Skriv ett svar: { $label }
form-missing-choice = Välj ett svar: { $label }
form-missing-choices = Välj minst ett svar: { $label }
form-missing-child = Välj vilket barn det gäller
form-missing-file = Ladda upp en fil: { $label }
form-missing-date = Skriv ett datum: { $label }
form-missing-number = Skriv ett antal: { $label }
form-missing-money = Skriv ett belopp: { $label }
form-missing-place = Beskriv platsen: { $label }
form-missing-email = Skriv en e-postadress
form-missing-phone = Skriv ett telefonnummer

## Svar som inte går att ta emot
form-email = Skriv e-postadressen i formen namn@exempel.se
form-phone = Skriv telefonnumret med riktnummer, till exempel 070-123 45 67 eller +46 70 123 45 67
form-postcode = Skriv postnumret med fem siffror, till exempel 286 80
form-too-long = Texten får vara högst { $most } tecken. Korta den med { $over } tecken.
form-too-short = Skriv lite mer, minst { $least } tecken
form-date-incomplete = Skriv både år, månad och dag, till exempel 2026 11 21
form-date-unreal = Det datumet finns inte. Kontrollera år, månad och dag, till exempel 2026 11 21.
form-date-passed = Datumet har redan varit. Välj i dag eller en senare dag.
form-date-early = Välj { $day } eller en senare dag
form-date-future = Datumet har inte varit än. Välj i dag eller en tidigare dag.
form-date-late = Välj { $day } eller en tidigare dag
form-number-whole = Skriv ett heltal med siffror, till exempel 12
form-number-decimals = Skriv talet med siffror och högst { $decimals } decimaler, till exempel 12,5
form-money-whole = Skriv beloppet i hela kronor med siffror, till exempel 15 000
form-money = Skriv beloppet i kronor med siffror, till exempel 15 000 eller 99,50
form-below = Det får inte vara mindre än { $least }
form-above = Det får inte vara mer än { $most }
form-personnummer-form = Skriv personnumret med tolv siffror: ååååmmdd-nnnn
form-personnummer-date = Datumet i personnumret finns inte. Kontrollera de första åtta siffrorna.
form-personnummer-digit = Någon siffra i personnumret är fel. Kontrollera det mot en legitimation.
form-organisation-form = Skriv organisationsnumret med tio siffror: nnnnnn-nnnn
form-organisation-person = Det här är ett personnummer. Skriv föreningens eller företagets organisationsnummer.
form-organisation-digit = Någon siffra i organisationsnumret är fel. Det står i beslutet från Skatteverket eller Bolagsverket.
form-bankgiro-form = Skriv bankgironumret med sju eller åtta siffror: nnn-nnnn eller nnnn-nnnn
form-bankgiro-digit = Någon siffra i bankgironumret är fel. Det står i avtalet med banken och på era fakturor.
form-not-an-option = Välj något av svaren i listan
form-choose-at-least = Välj minst { $least }
form-choose-at-most = Välj högst { $most }
form-rows-at-least = Fyll i minst { $least }
form-rows-at-most = Du kan fylla i högst { $most }
form-position = Positionen ligger inte i Sverige. Beskriv platsen med ord i stället, eller hämta positionen igen.

## Barn
form-child-not-yours = Välj ett av barnen i listan. Saknar du ett barn, kontakta oss så hjälper vi dig.
form-children-unavailable = Vi kan inte visa dina barn här just nu. Skriv själv vilket barn det gäller, så kontrollerar handläggaren vårdnaden.
form-child-by-hand = Skriv barnets för- och efternamn och födelsedatum, till exempel Saga Ek, 2 januari 2023.
form-children-hidden = Alla barn kan inte visas här. Saknar du ett barn, kontakta oss så hjälper vi dig.
form-no-children = Enligt folkbokföringen finns inget barn under 18 år som du är vårdnadshavare för. Stämmer det inte, kontakta oss så hjälper vi dig.
form-shared-custody = Gemensam vårdnad
form-shared-custody-beside = gemensam vårdnad
form-born = född { $day }

## Filer
form-file-too-large = Filen { $name } är för stor. Varje fil får vara högst { $mb } MB. Försök att göra den mindre eller dela upp den.
form-file-empty = Filen { $name } är tom. Välj en annan fil.
form-file-kind = Filen { $name } är av en sort som vi inte kan ta emot. Spara den som { $kinds } och försök igen.
form-files-too-many = { $most ->
    [one] Du kan ladda upp högst { $most } fil. Ta bort en fil först.
   *[other] Du kan ladda upp högst { $most } filer. Ta bort en fil först.
}
form-files-limits = { $most ->
    [one] En fil, högst { $mb } MB. Du kan skicka { $kinds }.
   *[other] Högst { $most } filer, var och en högst { $mb } MB. Du kan skicka { $kinds }.
}
form-files-no-room = { $name } får inte plats: filerna i utkastet är för stora tillsammans. Ta bort någon fil först.
form-kinds = { $first } eller { $last }

## Svaren med ord
form-yes = Ja
form-no = Nej
form-position-shown = Position: { $lat }, { $lon } (WGS 84)

## Varifrån en uppgift kommer
form-source-navet = Hämtat från folkbokföringen { $day }
form-source-register = Hämtat från register { $day }
form-source-login = Från din e-legitimation
form-source-settings = Från dina inställningar
form-source-computed = Räknas ut av dina svar
form-register-unavailable = Vi når inte folkbokföringen just nu. Fyll i uppgifterna själv.
form-register-unknown = Vi kunde inte hämta dina uppgifter. Fyll i dem själv.
form-register-protected = Vi visar inga adressuppgifter från folkbokföringen. Du behöver inte lämna någon adress. Behöver vi skicka brev kan det gå genom Skatteverkets förmedlingsuppdrag. Kontakta oss gärna innan du skickar in.
form-protected-address = Skriv bara en adress som du vill att kommunen ska ha.
form-send = Skicka in

## Stegen som alla e-tjänster har
form-your-personnummer = Personnummer
form-your-name-missing = Skriv ditt namn
form-your-name = Namn
form-your-address-missing = Skriv din adress
form-your-address = Adress
form-your-postcode-missing = Skriv ditt postnummer
form-your-postcode = Postnummer
form-your-city-missing = Skriv din postort
form-your-city = Postort
form-your-details = Dina uppgifter
form-your-details-intro = Det här vet vi om dig redan. Kontrollera att det stämmer.
form-channel-my-pages = På Mina sidor
form-channel-my-pages-hint = Vi mejlar dig när det finns något att läsa, om du har skrivit din e-postadress.
form-channel-letter = Med brev på posten
form-channel-letter-hint = Du kan ändå följa ärendet på Mina sidor.
form-email-hint = Vi skickar ett kvitto hit när du har skickat in, och mejlar när något händer.
form-channel-review = Så vill jag få beslutet
form-channel-missing = Välj hur du vill få beslutet
form-channel = Hur vill du få beslutet?
form-without-email = Du har inte skrivit någon e-postadress. Vi kan inte säga till när beslutet finns, så titta själv på Mina sidor då och då.
form-cosigner = Vem mer ska skriva under?
form-cosigner-intro = Ansökan ska skrivas under av er båda. När du har skrivit under mejlar vi den andra, som loggar in med sin egen e-legitimation och ser det du har fyllt i.
form-cosigner-name = Namn på den som också ska skriva under
form-cosigner-name-missing = Skriv namnet på den som också ska skriva under
form-cosigner-number = Personnummer
form-cosigner-number-hint = Bara den som har det personnumret kan läsa och skriva under.
form-cosigner-number-missing = Skriv personnumret för den som också ska skriva under
form-cosigner-email = E-postadress
form-cosigner-email-hint = Dit skickar vi inbjudan. Den säger inte vad ärendet gäller.
form-cosigner-email-missing = Skriv e-postadressen till den som också ska skriva under
form-guardian = Den andra vårdnadshavaren
form-guardian-intro = Ni är två vårdnadshavare och båda ska skriva under. När du har skrivit under kan den andra logga in på Mina sidor här och skriva under med sin e-legitimation.
form-guardian-email = Den andra vårdnadshavarens e-postadress
form-guardian-email-hint = Dit skickar vi en inbjudan. Den säger inte vad ärendet gäller.
form-reach-you = Så når vi dig
form-anonymous-text = Du är inte inloggad. Därför syns ärendet inte på Mina sidor, och vi kan inte svara om du inte skriver hur vi når dig. Det du skickar in blir en allmän handling, och det blir också dina kontaktuppgifter om du lämnar dem.
form-anonymous = Ärendet finns inte på Mina sidor
form-answer-wanted = Vill du ha svar?
form-answer-wanted-intro = Du behöver inte fylla i något här.
form-your-email = E-postadress
form-your-phone-hint = Om handläggaren behöver fråga något.
form-your-phone = Telefonnummer
