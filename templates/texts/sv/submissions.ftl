## Att fylla i
step-continue = Fortsätt
step-save-change = Spara ändringen
step-later = Spara och fortsätt senare
anonymous-heading = Du skickar in utan att logga in
anonymous-step = Du behöver inte säga vem du är. Därför visas ärendet inte på Mina sidor. När du har skickat in får du ett ärendenummer att spara.
anonymous-draft = Utkastet finns bara i den här webbläsaren, på den här enheten.
anonymous-review = Ärendet kommer inte att synas på Mina sidor. Spara ärendenumret som du får när du har skickat in. Med det kan du fråga kommunen hur det går.

## Kontrollera svaren
review-title = Kontrollera dina svar
review-lead = Läs igenom innan du skickar in. Välj Ändra om något inte stämmer.
review-send-heading = Skicka in
review-send-text = Det här skickas in till { $municipality }. När du har skickat in är det en inkommen handling hos kommunen.

## Inskickat
done-title = Inskickat
done-heading = Tack, vi har tagit emot det du skickade
done-received = Inkom { $time }
done-next = Det här händer nu
done-email = Vi skickar ett kvitto till { $email }.
done-follow = På Mina sidor kan du följa ärendet, skriva till handläggaren och hämta ditt kvitto.
done-case = Följ ärendet
done-start = Till startsidan
done-print = Skriv ut
done-anonymous-heading = Spara ärendenumret
done-anonymous-text = Ärendet syns inte på Mina sidor. Skriv upp numret eller skriv ut sidan. Du behöver det om du vill fråga hur det går.
done-questions = Har du frågor?
done-questions-text = Kontakta oss och nämn ärendenumret { $reference }.

## Titta igenom frågorna
look-title = Frågorna i ”{ $service }”
look-lead = Här ser du frågorna innan du börjar. Vissa frågor tillkommer beroende på vad du svarar. Inget sparas på den här sidan.

## Filer
file-empty = { $name } är tom. Välj en annan fil.
file-too-large = { $name } är för stor. En fil får vara högst { $limit }.
file-locked = { $name } är låst med lösenord. Ta bort lösenordet och försök igen.
file-wrong-kind = { $name } är en sorts fil som vi inte kan ta emot. Välj till exempel en pdf eller en bild.

## Kvittot
receipt-title = Kvitto
receipt-lead = Det här har du skickat in till kommunen.
receipt-reference = Ärendenummer
receipt-received = Inkom till kommunen
receipt-municipality = Kommun
receipt-service = E-tjänst
receipt-files = Bifogade filer
receipt-proof = Kontrolluppgifter
receipt-hash = Kontrollsumma (SHA-256)
receipt-version = Formulärets version
receipt-page = Sida {"{page}"} av {"{pages}"}
step-kept-after-log-in = Du hade blivit utloggad. Det du skrev finns kvar här. Välj Fortsätt för att spara det.

## Skriva under
review-sign = Skriv under och skicka in
review-sign-heading = Skriv under och skicka in
review-sign-text = Du skriver under med din e-legitimation. När du har skrivit under skickas det in till { $municipality } och är en inkommen handling hos kommunen.
sign-message = Jag skriver under { $title } till { $municipality }. Ärendenummer { $reference }. Kontrollkod { $code }.
sign-message-for = För { $name }.
sign-message-untitled = mitt ärende
sign-stopped-cancelled-title = Underskriften avbröts
sign-stopped-cancelled-text = Underskriften avbröts. Ditt ärende är sparat men inte inskickat.
sign-stopped-cancelled-way-on = Läs igenom och skriv under när du vill.
sign-stopped-level-title = Underskriften kunde inte göras
sign-stopped-level-text = Tjänsten kräver en e-legitimation med högre tillitsnivå. Inget har skickats in, och allt du har skrivit finns kvar.
sign-stopped-level-way-on = Välj en annan e-legitimation och försök igen.
sign-stopped-session-title = Underskriften gäller inte längre
sign-stopped-session-text = Underskriften tog för lång tid, eller så har något ändrats sedan du började skriva under. Inget har skickats in, och allt du har skrivit finns kvar.
sign-stopped-session-way-on = Läs igenom och skriv under igen.
sign-stopped-identity-title = Underskriften kunde inte bekräftas
sign-stopped-identity-text = Vi fick inget giltigt person- eller samordningsnummer från din e-legitimation. Inget har skickats in, och allt du har skrivit finns kvar.
sign-stopped-identity-way-on = Välj en annan e-legitimation, eller kontakta kommunen.
sign-stopped-other-person-title = En annan person skrev under
sign-stopped-other-person-text = Underskriften gjordes av en annan person än den som är inloggad. Inget har skickats in.
sign-stopped-other-person-way-on = Skriv under med den e-legitimation som du har loggat in med.
sign-stopped-unavailable-title = Det går inte att skriva under just nu
sign-stopped-unavailable-text = Tjänsten för underskrift svarar inte just nu. Inget har skickats in, och allt du har skrivit finns kvar.
sign-stopped-unavailable-way-on = Försök igen om en stund.
sign-stopped-technical-title = Underskriften kunde inte bekräftas
sign-stopped-technical-text = Underskriften kunde inte bekräftas. Inget har skickats in, och allt du har skrivit finns kvar.
sign-stopped-technical-way-on = Försök igen, eller kontakta kommunen.
signature-class-signature = Underskrift med e-legitimation
signature-class-approval = Godkännande med e-legitimation
signature-class-reauthentication = Förnyad legitimering
signer-unnamed = En person som vi inte visar namnet på
signer-waiting = Väntar på underskrift
signer-signed = Har skrivit under
signer-declined = Har avstått från att skriva under
signer-unanswered = Skrev inte under i tid
signer-by-hand = Kan inte tillfrågas här. Handläggaren tar hand om det.
signer-withdrawn = Behöver inte skriva under, ärendet är återkallat
signer-answer-by = Senast { $date }
done-signers = Fler ska skriva under
done-signers-text = Kommunen har tagit emot det du skickade. Handläggningen börjar när alla har skrivit under. Be den andra att logga in på Mina sidor här och välja Skriv under.
cosign-title = Väntar på din underskrift
cosign-lead = Någon har skickat in det här till kommunen och behöver din underskrift också. Läs igenom innan du skriver under.
cosign-hidden = Adress, telefonnummer, e-post och personnummer visas inte här.
cosign-heading = Skriv under
cosign-text = Du skriver under med din e-legitimation. Underskriften gäller precis det du ser här, som det skickades in till { $municipality }. Skriv under senast { $date }.
cosign-button = Skriv under
cosign-decline = Avstå
cosign-decline-text = Vill du inte skriva under kan du avstå. Då får kommunen ärendet utan din underskrift, och handläggaren ser att du har avstått.
cosign-signed-text = Kommunen har din underskrift. Du behöver inte göra något mer.
cosign-over-text = Här finns inget mer för dig att göra. Kontakta kommunen om något är fel.
receipt-title-waiting = Väntar på underskrift
receipt-lead-waiting = Det här har du skickat in till kommunen. Fler ska skriva under. När alla har svarat får du ett nytt kvitto.
receipt-signatures = Underskrifter
receipt-code = Kontrollkod { $code }
receipt-code-text = Med koden eller den här filen kan vem som helst kontrollera kvittot på { $address }
receipt-code-alt = QR-kod som leder till { $address }
