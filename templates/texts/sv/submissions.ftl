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
