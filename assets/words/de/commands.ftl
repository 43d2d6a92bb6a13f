### The commands, the bar at the top, the list of commands, the first look around, and the dialog for paths.

## The commands: in menus, as hints, and in the list of all
commands-play-pause = Abspielen oder anhalten
commands-run-through = Bis zum Ende laufen
commands-step = Eine Etappe
commands-round = Bis zum Ende der Runde
commands-cancel = Laufende Etappe abbrechen
commands-undo = Rückgängig
commands-redo = Wiederholen
commands-lessons = Lektionen…
commands-own-run = Eigenen Lauf beginnen
commands-new-run = Neuer Lauf…
commands-open-run = Lauf öffnen…
commands-save-run = Kopie des Laufs speichern…
commands-save-settings = Einstellungen speichern…
commands-copy-link = Link zu diesem Lauf kopieren
commands-one-more-round = Runde anhängen
commands-predict = Erst vorhersagen, dann ansehen
commands-keep-curves = Diese Kurven zum Vergleich behalten
commands-log = Protokoll der Handlungen beginnen oder beenden…
commands-export-csv = Zahlen als CSV exportieren…
commands-export-svg = Diagramm als SVG exportieren…
commands-export-png = Fenster als PNG exportieren…
commands-export-onnx = Netz als ONNX exportieren…
commands-export-torch = Netz für PyTorch exportieren…
commands-export-tensorboard = Zahlen für TensorBoard exportieren…
commands-export-parquet = Kandidaten als Parquet exportieren…
commands-export-hub = Ordner für den Hugging Face Hub exportieren…
commands-export-pictures = Alle Bilder des Laufs exportieren…
commands-export-movie = Wachstum als Film exportieren…
commands-theme = Hell oder dunkel
commands-presenter = Vortragsgröße
commands-calm = Weniger Bewegung
commands-english = Sprache: English
commands-german = Sprache: Deutsch
commands-french = Sprache: Français
commands-spanish = Sprache: Español
commands-palette = Alle Befehle
commands-help = Was ist das alles?
commands-quit = Speichern und beenden

## The panels: their tabs, and the commands that show them
commands-tab-cloud = Schätzungen
commands-show-cloud = Geschätzt gegen tatsächlich zeigen
commands-tab-curves = Kurven
commands-show-curves = Verlust und Genauigkeit zeigen
commands-tab-table = Kandidaten
commands-show-table = Alle Kandidaten zeigen
commands-tab-costs = Kosten
commands-show-costs = Zeigen, was die Etappen kosten
commands-tab-race = Rennen
commands-show-race = Konfigurationen antreten lassen
commands-tab-figures = Abbildungen
commands-show-figures = Abbildungen des Artikels erstellen

## The bar at the top: its buttons are short
transport-play = Abspielen
transport-pause = Pause
transport-pausing = Hält an…
transport-stage = Etappe
transport-round = Runde
transport-run-through = Durchlaufen
transport-cancel = Abbrechen
transport-new-run = Neuer Lauf…
transport-run-menu = Lauf
transport-view-menu = Ansicht
transport-menu = Menü
transport-commands = Befehle
transport-log = ● Protokoll
transport-log-hint = Was hier geschieht, wird in eine eigene Datei geschrieben; es wird nichts gesendet
transport-history = Verlauf
transport-history-hint = Alle Etappen und Eingriffe bisher
transport-take-back = Den Lauf zu einem anderen Zeitpunkt bringen
transport-speed = Tempo
transport-speed-hint = Die Pause zwischen den Etappen beim Abspielen
transport-latest = Letzte Läufe
transport-images = { $name }, { $count } Bilder
transport-images-hint = { $classes } Klassen aus den Daten { $source }: { $training } Trainingsbilder, { $validation } Validierungsbilder zum Auswählen, { $held_out } zurückgehaltene Bilder für den Bericht
transport-as-asked = wie gewünscht
transport-no-adapter = hier gibt es keinen Grafikadapter
transport-title-hint = Das Keimnetz und der Startwert, der jede zufällige Wahl festlegt

## How fast it plays
view-speed-slow = Langsam
view-speed-normal = Normal
view-speed-fast = Schnell

## The list of all commands
palette-letters = Ein paar Buchstaben eingeben
palette-search = Befehle suchen
palette-none = Kein Befehl dieses Namens. Mit weniger Buchstaben versuchen.

## The first look around
help-title = Seedling lässt ein Netz wachsen und prüft jede Schätzung
help-learns = Ein kleines Netz lernt
help-learns-text = Jede Spalte ist eine Schicht, jede Zelle ein Kanal: ein Filter, der etwas im Bild sucht.
help-could-change = Es könnte sich ändern
help-could-change-text = Ein Kanal könnte in zwei geteilt oder entfernt werden, eine Schicht verbreitert oder eine neue dahinter eingefügt. Eine solche Änderung ist ein Morphismus: Zunächst rechnet das Netz dasselbe wie zuvor.
help-estimates = Eine Formel schätzt
help-estimates-text = Für alle Änderungen zugleich, wie weit der Verlust fiele, ohne sie zu bauen (Gauss–Newton-Morphismen).
help-measured = Dann wird gemessen
help-measured-text = Jede Änderung wird wirklich vorgenommen. Wo ein Punkt auf der Diagonale des Diagramms liegt, hatte die Formel recht.
help-kept = Die besten bleiben
help-kept-text = Das Netz wächst um die Änderungen, die sich gelohnt haben, und trainiert weiter.
help-source = Nach Lawton, Galstyan und Ver Steeg, arXiv 2411.05855, in eigener Rekonstruktion. Die Leertaste spielt ab und hält an; Ctrl+K findet jeden Befehl.
help-lesson = Lektion beginnen
help-lessons = Andere Lektionen
help-resume = Fortsetzen: { $run }
help-resume-hint = { $age }, in { $folder }
help-close = Schließen

## Why a command cannot be used now
controls-frozen = Der Link, der diese Seite geöffnet hat, hat es abgeschaltet
enabled-no-run = Es gibt noch keinen Lauf
enabled-pausing = Hält an: Der laufende Arbeitsschritt endet zuerst
enabled-finished = Das Experiment ist beendet: eine Runde anhängen (Menü „Lauf“) oder einen neuen Lauf beginnen
enabled-nothing-under-way = Es läuft nichts
enabled-nothing-to-undo = Es gibt nichts rückgängig zu machen
enabled-nothing-to-redo = Es gibt nichts zu wiederholen
enabled-at-work = Das Labor arbeitet: zuerst anhalten oder abbrechen

## Beside the picture, for those who do not see it
beside-panel = Gezeigt wird das Feld: { $panel }.
beside-next-panel = Nächstes Feld: { $panel }

## Images by name, which are fetched once
named-fetch = { $set } holen ({ $size })
named-fetching = { $set }: { $done } von { $size }
named-stop = Holen abbrechen
named-stopping = Bricht ab

## Files that are read and written
exchange-else = { $error }. Was sonst genommen werden kann: { $taken }
exchange-network = { $convolutions } Faltungen, { $parameters } Parameter, { $classes } Klassen
exchange-written = { $path } ist geschrieben.
exchange-downloaded = { $name } ist heruntergeladen.
exchange-files-downloaded = { $files } Dateien sind als { $name } heruntergeladen.
exchange-files-copied = { $files } Dateien sind nach { $path } kopiert.
exchange-files-written = { $files } Dateien sind nach { $path } geschrieben.
exchange-not-written = Das Bild ist nicht geschrieben: { $why }
exchange-no-pixels = das Bild hat keine Bildpunkte
log-written = Das Protokoll ist beendet: { $path } ist geschrieben.
log-downloaded = Das Protokoll ist beendet: { $name } ist heruntergeladen.

## The dialog that asks for a path: what the path is for
paths-open-run = Lauf öffnen
paths-save-run = Kopie des Laufs speichern
paths-images = Bilder
paths-network = Ein Netz, von dem ausgegangen wird
paths-load-settings = Einstellungen laden
paths-save-settings = Einstellungen speichern
paths-export-csv = Zahlen als CSV exportieren
paths-export-svg = Diagramm als SVG exportieren
paths-export-png = Fenster als PNG exportieren
paths-log = Protokoll der Handlungen beginnen
paths-card-png = Karte als PNG speichern
paths-card-text = Antworten als Text speichern
paths-export-onnx = Netz als ONNX exportieren
paths-export-torch = Netz für PyTorch exportieren
paths-export-tensorboard = Zahlen für TensorBoard exportieren
paths-export-parquet = Kandidaten als Parquet exportieren
paths-export-hub = Ordner für den Hugging Face Hub exportieren
paths-export-pictures = Alle Bilder des Laufs exportieren
paths-export-movie = Wachstum als Film exportieren
paths-path = Pfad
paths-browse = Suchen…
paths-ok = OK
paths-cancel = Abbrechen

## What may lie at the path, or will
paths-open-run-hint = Ein Ordner, den dieses Programm oder seedling grow --out geschrieben hat
paths-save-run-hint = Ein neuer Ordner für die Dateien im Format der Kommandozeile
paths-images-hint = Ein Ordner von CIFAR, MNIST oder mit Klassenordnern voller Bilder, ein Archiv (.tar.gz), eine Tabelle (.csv)
paths-network-hint = Eine ONNX-Datei irgendeines Programms oder die .safetensors-Datei eines Laufs
paths-load-settings-hint = Eine TOML-Datei
paths-save-settings-hint = Eine TOML-Datei, für dieses Programm oder seedling grow --config
paths-log-hint = Eine Datei, die geschrieben wird, bis derselbe Befehl das Protokoll beendet; es wird nichts gesendet
paths-file-hint = Eine Datei; eine ältere wird ersetzt
paths-movie-hint = Ein animiertes PNG, das Browser und Folien abspielen
paths-pictures-hint = Ein Ordner für SVG- und PNG-Dateien, hell und dunkel; ältere werden ersetzt
paths-torch-hint = Ein Ordner für model.py und model.safetensors; ältere werden ersetzt
paths-tensorboard-hint = Ein Ordner für Ereignisdateien, die zeigt: tensorboard --logdir FOLDER
paths-hub-hint = Ein Ordner zum Hochladen: das Netz für ONNX und PyTorch und seine Karte

## The same in a page, where files are uploaded and downloaded
paths-page-open-run-hint = Einen Lauf suchen, der hier heruntergeladen oder auf einem Datenträger gepackt wurde (.zip)
paths-page-save-run-hint = Ein Name: Der Lauf wird als ZIP-Datei heruntergeladen
paths-page-images-hint = Eine ZIP-Datei suchen: mit Klassenordnern voller Bilder, den Dateien von CIFAR oder MNIST oder einer Tabelle
paths-page-network-hint = Eine ONNX-Datei irgendeines Programms oder die .safetensors-Datei eines Laufs suchen
paths-page-load-settings-hint = Eine TOML-Datei suchen
paths-page-log-hint = Ein Name: Die Datei wird heruntergeladen, wenn derselbe Befehl das Protokoll beendet; es wird nichts gesendet
paths-page-file-hint = Ein Name, unter dem es heruntergeladen wird
