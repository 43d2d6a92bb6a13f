### What stands around the panels: the screen's frame, its dialogs about lessons, and the lesson at the left.

## The panels, and what is said above them

screen-network-tab = Netz
screen-panel-list = Feld
screen-no-formula = Hier erscheint die Formel einer Schätzung mit ihren eigenen Zahlen, sobald es Kandidaten gibt.
screen-dismiss = Ausblenden
screen-starting = Startet
screen-question-hint = „Abspielen“ hält hier an, damit man schauen kann; „Durchlaufen“ geht weiter
screen-repair-setup = Einstellungen öffnen
screen-repair-take-back = Zurücknehmen
screen-repair-again = Erneut versuchen
screen-repair-another = Anderen öffnen…
screen-recorded = Dieser Lauf wurde aufgezeichnet: „Abspielen“ lässt ihn von hier weitergehen.
screen-first-lesson = Erste Lektion

## What is told and complained of

screen-no-run = Es gibt noch keinen Lauf.
screen-link-copied = Der Link zu diesem Lauf ist kopiert; er steht auch in der Adresszeile.
screen-link-shown = Der Link zu diesem Lauf steht in der Adresszeile: Er lässt sich dort kopieren.
screen-still-forming = Die Schätzungen entstehen noch: Sie lassen sich exportieren, sobald sie fertig sind.
screen-looking-at = { $path } wird angesehen
screen-images-here = { $folder } ist da: in den Einstellungen eines neuen Laufs wählen
screen-log-begun = Was getan wird, wird in { $path } geschrieben, bis derselbe Befehl es beendet.
screen-log-ended = Das Protokoll ist beendet: { $why }
screen-file-written = { $path } ist geschrieben.
screen-page-saves = { $path }: Eine Seite speichert die Karte dort, wo sie gezeigt wird

## What can be dropped on the window

held-title = Loslassen zum Übernehmen
held-kinds = Bilder: { $images }. Oder { $others }.

## Whether to stop what is under way

stopping-race = Das Rennen anhalten?
stopping-figure = Die Abbildung { $number } anhalten?
stopping-stage = Die Etappe „{ $stage }“ anhalten?
stopping-anything = Anhalten, was gerade läuft?
stopping-taken = Bisher hat es { $time } gedauert.
stopping-runs-kept = Jeder Lauf bleibt erhalten, und derselbe Knopf setzt es fort.
stopping-goes-on = „Abspielen“ macht von dort aus weiter.
stopping-begins-again = Es würde von vorn beginnen.
stopping-keep-going = Weitermachen
stopping-keep-going-hint = Nochmals Escape tut dasselbe
stopping-now = Jetzt anhalten

## The menu of lessons, and the card at the end of one

lessons-title = Lektionen
lessons-minutes = { $count ->
    [one] 1 Minute
   *[other] { $count } Minuten
    }
lessons-open = Öffnen
lessons-open-named = Die Lektion { $title } öffnen
lessons-own = Eine eigene Lektion (.toml) öffnet sich, wenn sie hier losgelassen wird.
lessons-close = Schließen
lessons-save-png = Als PNG speichern…
lessons-save-text = Als Text speichern…

## The lesson at the left: where it is

guide-step = Schritt { $place } von { $count }
guide-leave = Verlassen
guide-leave-hint = Schließt die Lektion; sie bleibt, wie sie ist
guide-leave-named = Die Lektion verlassen
guide-opening-run = Der Lauf dieses Schritts wird geöffnet
guide-another-run = Es ist ein anderer Lauf offen als der dieses Schritts.
guide-open-run = Lauf der Lektion öffnen
guide-working = In Arbeit: { $stage }
guide-stopped = Angehalten, bevor die Etappe „{ $stage }“ vorbei war.
guide-go-on = Weitermachen
guide-hint = Tipp
guide-show-answer = Antwort zeigen
guide-back = Zurück
guide-next = Weiter
guide-to-card = Zu meiner Karte
guide-no-recording = Dieses Programm hat den aufgezeichneten Lauf dieser Lektion nicht.
guide-not-kept = Deine Antworten werden nicht aufbewahrt: { $why }

## The lesson at the left: its questions

guide-read = Gelesen
guide-check = Prüfen
guide-keep-order = So lassen
guide-keep = Behalten
guide-done = Erledigt.
guide-notices-itself = Die App merkt von selbst, wenn es erledigt ist.
guide-start-race = Rennen der Lektion starten
guide-selected = Ausgewählt: { $what }
guide-nothing-selected = Noch ist nichts ausgewählt.
guide-channel = Kanal { $channel } von { $layer }
guide-none-yet = noch keiner
guide-split = Teilen
guide-remove = Entfernen
guide-to-split = Zu teilen: { $what }
guide-to-remove = Zu entfernen: { $what }
guide-your-answer = Deine Antwort
guide-your-sentence = Dein Satz
guide-not-a-number = „{ $text }“ gefunden, erwartet wird eine Zahl wie { $example }.
guide-ticked-by-you = { $most ->
    [one] Von dir angekreuzt: { $count } von höchstens 1 Änderung.
   *[other] Von dir angekreuzt: { $count } von höchstens { $most } Änderungen.
    }
guide-ticked-by-method = { $most ->
    [one] Von der Methode angekreuzt: { $count } von höchstens 1 Änderung.
   *[other] Von der Methode angekreuzt: { $count } von höchstens { $most } Änderungen.
    }
guide-ticked-by-you-within = { $most ->
    [one] Von dir angekreuzt: { $count } von höchstens 1 Änderung, { $added } von höchstens { $allowed } Parametern.
   *[other] Von dir angekreuzt: { $count } von höchstens { $most } Änderungen, { $added } von höchstens { $allowed } Parametern.
    }
guide-ticked-by-method-within = { $most ->
    [one] Von der Methode angekreuzt: { $count } von höchstens 1 Änderung, { $added } von höchstens { $allowed } Parametern.
   *[other] Von der Methode angekreuzt: { $count } von höchstens { $most } Änderungen, { $added } von höchstens { $allowed } Parametern.
    }
guide-before-growth = Zurück vor das Wachsen
guide-grow = Damit wachsen
