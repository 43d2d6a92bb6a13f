### The setup of a run: the dialog, its fields, the classes of its images, and data sets that are fetched for it.

## The dialog
setup-new-run = Neuer Lauf
setup-new-run-about = Die Vorgaben sind ein guter Anfang: drei Minuten auf zwei Kernen; weniger Klassen brauchen weniger. Zeig auf einen Namen, um den Grund zu sehen.
setup-begin = Beginnen
setup-entrant = Einstellungen einer Konfiguration
setup-entrant-about = Ändere nur eine Sache, damit das Rennen zeigt, was sie bringt. Der Startwert kommt vom Rennen.
setup-keep = Übernehmen
setup-all = Alle
setup-all-hint = Jede Einstellung
setup-basic = Wichtige
setup-basic-hint = Was die meisten wählen
setup-cancel = Abbrechen
setup-defaults = Vorgaben
setup-load = Einstellungen laden…
setup-save = Einstellungen speichern…
setup-more = Mehr

## Its fields
setup-engine = Engine
setup-engine-hint = Auto nimmt, was sich bei einer kurzen Messung als schneller erweist
setup-engine-auto = Auto
setup-engine-candle = Candle (Prozessor)
setup-without = alle
setup-built-in-about = Eingebaut: 2.000 und 1.000 Bilder von CIFAR-10
setup-built-in = Eingebaute
setup-folder = Ordner…
setup-folder-hint = Oder hier ablegen
setup-network = Netz…
setup-network-hint = Oder hier ablegen
setup-no-network = Keines
fields-limit = begrenzen
fields-layers-hint = Oder eigene Schichten: die Kanäle jeder Faltung, M und A für Pools, wie in 8-8-M-16
fields-cost = { $count ->
    [one] 1 Faltung, { $parameters } Parameter, { $flops }FLOP je Bild
   *[other] { $count } Faltungen, { $parameters } Parameter, { $flops }FLOP je Bild
    }
classes-class = Klasse { $name }

## What was taken, and what is wrong
setup-taken-images = Als Bilder übernommen: { $set }, { $count } Klassen ({ $names })
setup-taken-network = Als Keimnetz übernommen: { $name }, { $about }
setup-found = gefunden: { $found }, erwartet: { $expected }
classes-unknown = gefunden: „{ $found }“, erwartet: einige von { $names }
classes-one = gefunden: eine Klasse, erwartet: mindestens zwei

## What a setting may be
allowed-whole-from = eine ganze Zahl ab { $least }
allowed-whole = eine ganze Zahl von { $least } bis { $most }
allowed-limit = { $range }, oder { $none }
allowed-positive = eine Zahl über 0
allowed-not-negative = eine Zahl von mindestens 0
allowed-share = eine Zahl von 0 bis unter 1
allowed-flag = true oder false
allowed-choice = eines von { $names }
allowed-families = einige von { $names }
allowed-preset = { $names }, oder Schichten wie 8-8-M-16
allowed-network = der Ordner eines Laufs, eine .safetensors- oder .onnx-Datei, oder { $none }
allowed-images = ein Ordner, ein Archiv oder eine Tabelle, oder { $none }
allowed-classes = Namen oder Nummern wie cat,dog oder 3,5, oder { $none } für alle
allowed-layers = Faltungen wie conv1,conv3, oder { $none } für alle

## A data set being fetched
fetch-no-thread = das System gibt keinen Thread zum Holen her
fetch-way-on = Ohne Verbindung: { $archive } von anderswo herbringen und im Fenster ablegen; die eingebauten Bilder sind immer da
