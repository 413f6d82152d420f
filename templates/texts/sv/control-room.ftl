# Kontrollrum, and the pages beside it: the demo only.

room-sub = Kommunportal, demo
room-nav-start = Start
room-nav-letters = Brevlåda
room-heading = Prova båda sidorna av ett ärende
room-lead = Här väljer du vem du är, ser vad som händer mellan systemen och kan ta sönder saker. Alla personer är påhittade och inget lämnar den här datorn.

room-people = Bli någon
room-people-text = Ett tryck loggar in dig. Du kan vara invånare och handläggare samtidigt. Tillbaka hit kommer du med raden högst upp på varje sida.
room-become = Bli { $name }
room-person-anna = Har fyra barn och är kassör i en kör. För kören har hon ett avslutat ärende, och ett som väntar på hennes svar.
room-person-camilla = Har skyddade personuppgifter. Ingen adress visas, varken för henne eller för handläggaren.
room-person-olena = Har samordningsnummer och är inte folkbokförd, så hon fyller i mer själv.
room-person-karin = Handlägger platser i förskolan och har ansökningar i sin inkorg.
room-person-eva = Handlägger bidrag till föreningar. Hon väntar på svar från Annas kör.

room-person-empty-anna = Har fyra barn. Allt som kan fyllas i åt henne är ifyllt.
room-person-empty-karin = Handlägger platser i förskolan.
room-person-empty-eva = Handlägger bidrag till föreningar.

room-tour = Rundtur i fem steg
room-tour-apply = Ansök om plats i förskola som Anna
room-tour-apply-text = Namn, adress och barn är redan ifyllda. Välj Saga och skriv anna@example.se där det frågas efter e-post.
room-tour-apply-go = Börja ansöka
room-tour-letter = Läs mejlet som kom
room-tour-letter-text = Kvittot skickas så fort ansökan är inne. Det säger inte mer än det behöver.
room-tour-letter-go = Öppna Annas brev
room-tour-handle = Handlägg ansökan som Karin
room-tour-handle-text = Ansökan ligger sist i inkorgen, för de äldsta står först. Ta ärendet, skriv ett beslut och avsluta.
room-tour-handle-go = Öppna Karins inkorg
room-tour-read = Läs beslutet som Anna
room-tour-read-text = På Mina sidor står vad som har hänt, varför, och hur man överklagar.
room-tour-read-go = Öppna Annas Mina sidor
room-tour-break = Ta sönder något
room-tour-break-text = Bryt förbindelsen till handläggarsystemet och skicka in en felanmälan. Kön fylls på. Laga, och se den tömmas. Inget går förlorat.
room-tour-break-go = Till brytarna

room-switches = Ta sönder och laga
room-switches-text = Det som invånarna har skickat in är sparat, vad som än är trasigt. Det går fram av sig självt när det är lagat.
room-switch-navet = Navet nere
room-switch-text-navet = Folkbokföringen svarar inte. Logga in på nytt och börja en ansökan: uppgifterna fylls i för hand i stället.
room-switch-mail = Mejlen nere
room-switch-text-mail = Ingen post går ut. Skicka in något: ärendet tas emot ändå, och brevet väntar.
room-switch-desk = Handläggarsystemet nere
room-switch-text-desk = Portalen når inte fram. Det som skickas in väntar i kön. Handläggarnas egna sidor går att öppna, men inget nytt kommer in.
room-switch-slow = Långsamt
room-switch-text-slow = Alla system runt portalen svarar en och en halv sekund för sent.
room-switch-broken = Trasigt nu
room-switch-break = Ta sönder
room-switch-mend = Laga
room-switch-mend-all = Laga allt

room-now = Just nu
room-now-renew = Visa på nytt
room-queues = Väntar på att komma fram
room-queues-unknown = Det går inte att se vad som väntar just nu.
room-queue-deliveries = Ärenden till handläggarsystemet
room-queue-letters = Mejl till invånare
room-queue-events = Besked från handläggarna
room-examples = Exempelärendena görs i ordning: { $done } av { $of } är klara.
room-examples-given-up = Några av exempelärendena blev inte klara. De görs färdigt nästa gång demon startar.
room-letters = Senaste mejlen
room-letters-none = Inga brev än.
room-letters-all = Alla brev ({ $count })
room-letters-to = Brev till
room-letters-show = Visa
room-letters-more = De { $count } senaste visas.
room-letter-to = Till { $to }
room-letter-from = Från
room-letter-for = Till
room-letter-at = Mottaget
room-letter-files = Bilagor
room-letter-links = Länkar i brevet
room-letter-looks = Så ser brevet ut
room-letter-text = Brevet som ren text
room-letter-source = Brevet precis som det kom

room-places = Mer att titta på
room-place-administration = Administration: leveranser och dagens balans (logga in som Henrik Ekmark)
room-place-ops = Drift: hälsa och mätvärden
room-place-municipality = { $name }: en annan kommun i samma installation
room-addresses = Adresser som brev inte når
room-addresses-text = En adress som börjar med avvisas@ avvisas för alltid. En som börjar med senare@ avvisas tills vidare, så att avsändaren försöker igen.

log-in-test = Testlegitimering
log-in-test-sub = I stället för BankID
