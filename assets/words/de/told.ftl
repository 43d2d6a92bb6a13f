### What is told: stages in sentences, the screen in words, the moments of the history, the runs kept; links, and what may be dropped.

## What a stage will do
sentences-before-seed = Das untrainierte Netz bewerten, um zu sehen, wie bloßes Raten aussieht.
sentences-before-train = Das Netz trainieren: { $steps } Schritte mit { $images } Bildern.
sentences-before-propose = Jede Änderung auflisten, die das Netz zulässt (diesen Kanal teilen, jenen entfernen …), und was sie kostet.
sentences-before-learn = Die beste Form jeder Änderung lernen, alle zugleich, mit der Formel { $formula }: { $steps } Schritte.
sentences-before-estimate = Auf { $images } Bildern wählen, wie weit jede Änderung gehen soll, dann ihren Gewinn auf { $others } anderen vorhersagen.
sentences-before-measure = Die Änderungen wirklich ausführen, eine nach der anderen, und sehen, wie weit der Verlust auf den zurückgehaltenen Bildern tatsächlich sinkt.
sentences-before-choose-joint = Finden, wie weit alle Änderungen zusammen gehen sollen, denn ihre Gewinne addieren sich nicht.
sentences-before-choose-random = Die Änderungen auslosen.
sentences-before-choose-confirmed = Wählen, was seine Kosten wert ist, wobei jede Änderung zusätzlich zu den vorherigen geprüft wird.
sentences-before-choose-single = Wählen, was seine Kosten wert ist, nach den einzelnen Gewinnen.
sentences-before-grow = Das Netz nach den gewählten Änderungen umschreiben; der Rest bleibt, wie er war.
sentences-before-ask = Die Strategie fragen, welches Netz als nächstes versucht werden soll, und warum.
sentences-before-assess = Das Netz auf { $images } Bildern beurteilen.
sentences-before-adopt = Das Netz übernehmen, das die Suche gefunden hat, und es vor seinem letzten Training bewerten.
sentences-before-done = Das Experiment ist beendet: eine Runde anhängen (Menü „Lauf“) oder einen neuen Lauf beginnen.

## What a stage did
sentences-trained = Trainiert: Verlust auf zurückgehaltenen Bildern { $loss }, { $share } richtig.
sentences-proposed = { $count ->
    [one] 1 Kandidat: { $kinds }.
   *[other] { $count } Kandidaten: { $kinds }.
    }
sentences-learned = Alle Änderungen in { $time } gelernt.
sentences-best = Beste Schätzung: { $change }, ein Gewinn von { $gain }.
sentences-measured = Geschätzte und tatsächliche Gewinne von { $family }: Korrelation { $correlation }, Steigung { $slope }.
sentences-chosen = { $chosen } von { $count } Änderungen gewählt.
sentences-grown = Von { $before } auf { $after } Parameter gewachsen; Verlust auf zurückgehaltenen Bildern { $was } → { $now } vor jedem Training.
sentences-grown-imitating = Von { $before } auf { $after } Parameter gewachsen; Verlust auf zurückgehaltenen Bildern { $was } → { $now } nach { $steps } Schritten, in denen es sein Elternnetz nachahmte.
sentences-worse = Der Verlust auf den zurückgehaltenen Bildern stieg um { $rise }, die Genauigkeit ging von { $was } auf { $now }. Bei { $images } Bildern ist eine Genauigkeit auf ±{ $points } Punkte sicher.

## What is said above the panels
sentences-left = , noch { $time }
sentences-loss = , Verlust { $loss }
sentences-next = Als Nächstes, { $stage }: { $what }
sentences-looking-back = Rückblick
sentences-past = { $moment }. Nur zum Ansehen: Der Lauf selbst bleibt, wo er ist.

## The screen in words, for those who do not see it
aloud-change = Änderung
aloud-estimated-gain = Geschätzter Gewinn
aloud-actual-gain = Tatsächlicher Gewinn
aloud-chosen-or-not = Gewählt oder nicht
aloud-done = Etappe { $stage } ist beendet.
aloud-seed-done = Etappe { $stage } ist beendet. Untrainiert sind { $share } richtig.
aloud-under-way = Etappe { $stage } läuft.
aloud-press = Drücke „Abspielen“ oder „Eine Etappe“.
aloud-past = Zu sehen ist ein früherer Moment: { $moment }.
aloud-at-work = Es rechnet { $engine }. Runde { $round }, Etappe { $stage }, bei der Arbeit.
aloud-waiting = Es rechnet { $engine }. Runde { $round }, Etappe { $stage }, wartend.
aloud-recognised = { $share } der zurückgehaltenen Bilder werden erkannt.
aloud-measured = { $count ->
    [one] 1 Kandidat wurde geschätzt und gemessen.
   *[other] { $count } Kandidaten wurden geschätzt und gemessen.
    }
aloud-recorded = Dieser Lauf wurde aufgezeichnet: „Abspielen“ drücken, und er geht von hier aus weiter.
aloud-image = das Bild
aloud-shortcut = Eine Abkürzung addiert { $from } zu dem, was { $to } ergibt.
aloud-end = Am Ende { $count } Klassen: { $names }.
aloud-end-with-cost = Am Ende { $count } Klassen: { $names }; { $parameters } Parameter.
aloud-layer = { $channels ->
    [one] { $name }: 1 Kanal mit { $side }×{ $side }, Filterkerne { $kernel }×{ $kernel }
   *[other] { $name }: { $channels } Kanäle mit { $side }×{ $side }, Filterkerne { $kernel }×{ $kernel }
    }
aloud-pool = , { $pool }
aloud-new = ; { $count } neu und noch nicht trainiert
aloud-gone = ; { $count } entfernt
aloud-not-measured = nicht gemessen
aloud-not-decided = nicht entschieden
aloud-best = Runde { $round }: die besten { $shown } von { $count } Änderungen nach geschätztem Gewinn ({ $formula })

## The moments of the history
board-beginning = Der Anfang
board-opened = Geöffnet vor { $stage }
board-nothing-earlier = Vor { $stage }, Runde { $round }: Früheres ist nicht aufbewahrt
board-edited = Auswahl von Hand geändert
board-more-rounds = Mehr Runden verlangt
board-after-last = Nach dem letzten Training
board-after-trial = Nach { $stage }, Versuch { $trial }
board-after = Nach { $stage }
board-after-round = Nach { $stage }, Runde { $round }
past-undone = { $moment }, rückgängig gemacht
past-from-files = Vor { $stage }, Runde { $round }, aus seinen Dateien

## What computes a run
board-webgpu = WebGPU auf { $adapter }
board-candle = Candle auf dem Prozessor

## The runs kept
runs-of-classes = { $classes } - Startwert { $seed }
runs-of-preset = { $preset } Startwert { $seed }
runs-run = Lauf { $number }: { $title }
runs-just-now = gerade eben
runs-minutes-ago = { $count ->
    [one] vor 1 Minute
   *[other] vor { $count } Minuten
    }
runs-hours-ago = { $count ->
    [one] vor 1 Stunde
   *[other] vor { $count } Stunden
    }
runs-days-ago = { $count ->
    [one] vor 1 Tag
   *[other] vor { $count } Tagen
    }

## What is wrong with a link
link-wrong = Der Link verlangt Einstellungen, die es nicht gibt: { $what }
link-lesson = lesson: „{ $found }“ gefunden, erwartet eines von { $names }
link-step = step: „{ $found }“ gefunden, erwartet eines von { $names }
link-no-pair = „{ $found }“ gefunden, erwartet Name=Wert
link-encoding = „{ $name }“: fehlerhafte %-Kodierung
link-twice = „{ $name }“ kommt zweimal vor
link-found = „{ $found }“ gefunden, erwartet { $expected }
link-none-of = „{ $found }“ gefunden, erwartet eines von { $names }

## What may be dropped on the window
native-images = ein Ordner mit einem Ordner voller Bilder je Klasse, die Dateien von CIFAR oder MNIST, ein Archiv (.tar.gz), eine Tabelle (.csv)
native-dropped = der Ordner eines Laufs oder eine seiner Dateien, Einstellungen oder eine Lektion (.toml), ein aufgezeichneter Lauf (.seedling), ein Netz (.onnx)
native-no-address = { $address }: Nur die Seite öffnet einen Lauf über seine Adresse

## What may be dropped on the page, and what it fetches
page-images = eine ZIP-Datei mit einem Ordner voller Bilder je Klasse, mit den Dateien von CIFAR oder MNIST oder mit einer Tabelle (.csv) und ihren Bildern
page-dropped = ein Lauf, der von hier oder aus dem Fenster heruntergeladen wurde (.zip), Einstellungen oder eine Lektion (.toml), ein aufgezeichneter Lauf (.seedling), ein Netz (.onnx)
page-no-run = { $address }: kein Lauf darin gefunden, erwartet eine Datei, die „Kopie des Laufs speichern“ gemacht hat
page-fetching = Die Bilder werden geholt, Datei { $number } von { $count }: { $done } von { $total } MB
page-no-reason = der Browser sagt nicht, warum
web-usual-run = { $error }. Stattdessen beginnt der übliche Lauf.
web-new-run = Der Lauf des Links kann nicht geöffnet werden: { $why }. Stattdessen beginnt ein neuer.

## Was im Hintergrund geschieht, und was hilft, wo es misslang.
worker-undo-advice = Rückgängig nimmt es zurück; dann gelingt es mit weniger oder mit bestätigten Änderungen vielleicht besser. Abspielen macht weiter.
worker-loading = Die Bilder werden geladen
worker-starting = Die Engine startet
worker-opening = Der Lauf wird geöffnet
worker-opening-recorded = Der aufgezeichnete Lauf wird geöffnet
worker-study-stopped = Angehalten; jeder Lauf bleibt erhalten, und ein neuer Start macht weiter
worker-one-core = Auf dieser Seite rechnet ein einzelner Kern, das dauert länger: { $why }
worker-goes-on = Abgebrochen: { $stage } macht nach Schritt { $step } weiter
worker-begins-again = Abgebrochen: { $stage } beginnt von vorn
worker-not-kept = Dieser Lauf wird nicht mehr gespeichert: { $why }
worker-not-compared = Abgebrochen: Es wurden keine Bilder verglichen
worker-study-not-shown = Eine Studie kann nicht gezeigt werden: { $why }
worker-study-starting = die Engine startet
failing-diverged = Der letzte gute Stand ist erhalten. Senke die Lernrate in den Einstellungen, oder mach es rückgängig.
failing-device = Nichts ist verloren. Abspielen versucht es noch einmal; oder wähle in den Einstellungen die Engine Candle.
failing-cancelled = Nichts ist verloren. Abspielen macht weiter.
failing-fault = Was vorher getan war, ist erhalten. Abspielen versucht es noch einmal, oder mach es rückgängig.
failing-engine = Wähle eine andere Engine in den Einstellungen.
failing-field = Öffne die Einstellungen und ändere dieses Feld.
failing-images-of-the-page = Zieh die Zip-Datei mit den Bildern noch einmal auf die Seite, oder wähle die eingebauten Bilder in den Einstellungen.
failing-images = Wähle in den Einstellungen einen anderen Ordner oder die eingebauten Bilder.
failing-folder = Wähle einen anderen Ordner.
failing-other = Der letzte gute Stand ist erhalten. Mach es rückgängig, oder beginne einen neuen Lauf.
