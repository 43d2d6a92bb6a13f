### Words in pictures: what charts, the drawn network, races and figures say of themselves, on the screen and in files.

## Gains: the cloud, the candidates, what was foreseen together
pictures-cloud = Runde { $round }: von { $estimator } geschätzte und tatsächliche Gewinne
pictures-cloud-end = Runde { $round }: von { $estimator } geschätzte Gewinne und Gewinne am Ende
pictures-agreement = { $family }: n { $n }, r { $r }, Steigung { $slope }
pictures-family-chosen = { $family }, gewählt
pictures-layer-colours = Farben: die Schichten, dunkel die erste und hell die letzte. Auf der Linie stimmt die Schätzung.
pictures-candidates = Runde { $round }: die Kandidaten
pictures-some-candidates = { $all } Kandidaten, { $chosen } gewählt; hier stehen die { $best } besten Schätzungen und alle gewählten. Geschätzt von { $estimator }.
pictures-all-candidates = { $all } Kandidaten, { $chosen } gewählt; alle stehen hier. Geschätzt von { $estimator }.
pictures-gain-and-dash = Gewinn: um wie viel der mittlere Verlust sinkt. Ein Strich: nicht gemessen.
pictures-gain-held-out = Gewinn auf den zurückgehaltenen Bildern
pictures-gain-validation = Gewinn auf den Validierungsbildern
pictures-estimated = geschätzt
pictures-actual = tatsächlich
pictures-at-once = sofort
pictures-in-the-end = am Ende
pictures-promises = Geschätzte Gewinne der ausgeführten Änderungen, und was herauskam
pictures-promises-note = Gewinn: um wie viel der mittlere Verlust sinkt. Zusammen ausgeführte Änderungen beheben dieselben Fehler, sodass ihre einzelnen Gewinne zu viel ergeben.
pictures-on-validation = Validierungsbilder: nach ihnen wird gewählt
pictures-on-held-out = Zurückgehaltene Bilder: nur zum Berichten
pictures-summed = Summe der Einzelgewinne
pictures-right-on-the-line = Auf der Linie stimmt die Schätzung.

## Curves
pictures-curves = Verlust und Genauigkeit über die Trainingsschritte
pictures-loss-lower = Verlust: niedriger ist besser
pictures-accuracy-higher = Genauigkeit: höher ist besser
pictures-cross-entropy = mittlere Kreuzentropie
pictures-held-out = zurückgehaltene Bilder
pictures-held-out-of = zurückgehalten: { $name }

## The network and its history
pictures-network = Das Netz
pictures-network-note = Je Kanal eine Zelle; ihre Farbe ist der Platz der Schicht im Netz. Was das Wachstum gebracht hat, ist hervorgehoben, was es wegnahm, bleibt als Umriss; von einem geteilten Kanal ist das zweite Kind das neue.
pictures-not-grown = Es ist noch nicht gewachsen.
pictures-seed = Das Keimnetz
pictures-found = Was die Suche gefunden hat
pictures-after-round = Nach Runde { $round }
pictures-size = { $parameters } Parameter, zurückgehaltener Verlust { $loss }, Genauigkeit { $accuracy }
pictures-made =
    { $changes ->
        [0] keine Änderung
        [one] 1 Änderung
       *[other] { $changes } Änderungen
    }
pictures-kernels = Kerne { $side }×{ $side }
pictures-max-pool = Max-Pooling
pictures-mean-pool = Mittel-Pooling
pictures-mean-of-all = Mittel über alle
pictures-a-channel = ein Kanal
pictures-new = neu
pictures-gone = weg
pictures-image = Bild
pictures-classes = { $classes } Klassen
pictures-seed-untrained = { $run }: das Keimnetz, noch untrainiert
pictures-trained = { $run }: trainiert, Phase { $phase }
pictures-grown = { $run }: gewachsen in Runde { $round }

## Why something is not drawn
pictures-none-measured = noch sind keine Gewinne gemessen
pictures-none-estimated = noch sind keine Gewinne geschätzt
pictures-none-scored = noch ist nichts bewertet oder trainiert
pictures-none-chosen = noch sind keine Änderungen gewählt

## Searches
pictures-by-cost = Versuche nach Kosten
pictures-by-size = Versuche nach Größe
pictures-cost-so-far = Kosten bisher
pictures-validation-loss = Validierungsverlust
pictures-trials-note = { $trials } Versuche nach dem Keimnetz; Linien führen von Eltern zu Kindern, Balken sind Standardfehler.
pictures-copies-note = Eine Kopie ist ihr Elternnetz, unverändert ebenso lange weitertrainiert: mit ihr werden Gewinne verglichen, wo es sie gibt.
pictures-parent-to-child = vom Elternnetz zum Kind
pictures-copy = Kopie
pictures-changed = geändert
pictures-the-seed = Keimnetz
pictures-goes-on = geht weiter
pictures-believed = Was geglaubt wurde, was herauskam
pictures-predicted-gain = vorhergesagter Gewinn

## Races
pictures-race = Läufe zu gleichen Kosten
pictures-one-seed = Ein Startwert. Das untrainierte Netz, das nichts gekostet hat, steht links der Lücke.
pictures-seeds = Mittel über bis zu { $seeds } Startwerte mit seinem 95-%-Intervall. Das untrainierte Netz, das nichts gekostet hat, steht links der Lücke.
pictures-most-accurate = Die { $drawn } genauesten von { $all } Konfigurationen.
pictures-size-title = Größe
pictures-held-out-loss = zurückgehaltener Verlust
pictures-held-out-accuracy = zurückgehaltene Genauigkeit
pictures-cost-of-run = Gesamtkosten des Laufs
pictures-column-seeds = Startwerte
pictures-column-accuracy = Genauigkeit, zurückgehalten
pictures-column-flops = FLOPs je Bild
pictures-column-total = FLOPs insgesamt

## What axes are named after
pictures-gain = Gewinn
pictures-axis-round = Runde
pictures-axis-channel = Kanal
pictures-axis-layer = Schicht
pictures-total-cost = Gesamtkosten
pictures-learning-cost = Kosten des Lernens
pictures-column-estimator = Schätzer
pictures-column-family = Familie
pictures-by-estimator = von { $estimator }
pictures-column-mean-gain = mittlerer Gewinn
pictures-column-of-direct = von dem von direct
pictures-against = gegen { $first }
pictures-seeds-in-both = Startwerte in beiden
pictures-no-seed-in-both = kein Startwert in beiden
pictures-accuracy-points = Genauigkeit, Punkte
pictures-interval = { $mean } ({ $low } bis { $high })
pictures-thousands = Tausend
pictures-millions = Millionen

## The paper's figures
pictures-figure-network = Abbildung 2: was die Schätzungen von jedem Kanal sagen
pictures-figure-estimates = Abbildung 3: geschätzte und tatsächliche Gewinne
pictures-figure-estimates-note = Je Kandidat eine Marke; auf der gestrichelten Linie stimmt die Schätzung.
pictures-figure-agreement = r = { $r }, Steigung = { $slope }, n = { $n }
pictures-figure-learners = Abbildung 4: tatsächliche Gewinne dessen, was jeder Lerner macht
pictures-figure-learners-note = Balken: je Kandidat eine Gruppe, zuerst der, an dem direct am meisten gewinnt. Punkte: Mittel über die Kandidaten mit ihren 95-%-Intervallen; ein Lerner, der nichts kostet, steht links der Lücke.
pictures-figure-splits = Teilungen von conv1
pictures-figure-widening = ein neuer Kanal
pictures-figure-each = { $part }: jeder Kandidat
pictures-figure-mean = { $part }: Mittel
pictures-figure-growth = Abbildung 5: Wachstum und feste Netze
pictures-figure-growth-note = { $with }. Mittel über die Startwerte; links mit ihren 95-%-Intervallen (Student-t).
pictures-figure-by-size = Genauigkeit und Größe
pictures-figure-by-cost = Genauigkeit und Kosten
pictures-figure-sizes = { $network }, { $train } Trainingsbilder, { $epochs } Epochen je Runde, φ in { $steps } Schritten zu { $batch }, { $held } zurückgehalten
pictures-all-images = alle
pictures-figure-seed = { $sizes }, Startwert { $seed }
pictures-figure-seeds = { $sizes }, { $rounds } Runden, { $seeds } Startwerte
pictures-split-scale = linke Hälften: Gewinn einer Teilung
pictures-prune-scale = rechte Hälften: Kosten des Entfernens
pictures-scale-none = keiner
pictures-scale-most = am meisten
pictures-scale-least = am wenigsten
pictures-cell =
    Kanal { $channel } von { $layer }
    Teilen gewinnt { $split } % des meisten
    Entfernen kostet weniger als bei { $prune } % der Kanäle
