### The network, one channel of it, the row of stages and the slider over the history.

## The network: what its colours stand for
network-title = Netz
network-paint-gain = Geschätzter Gewinn
network-paint-gain-hint = Rot, wo Teilen am meisten bringt, blau, wo Entfernen am wenigsten kostet
network-paint-activation = Aktivierung
network-paint-activation-hint = Die Ausgabe jedes Kanals für das Bild
network-paint-filter = Filter
network-paint-filter-hint = Die Gewichte jedes Kanals

## The network: its legend, in 350 points at most
network-legend-forming = entsteht, während Änderungen gelernt werden
network-legend-split = Teilen bringt am meisten
network-legend-prune = Entfernen kostet kaum
network-legend-new = umringt: neu, noch untrainiert
network-legend-before-and = Farben der Runde davor;
network-legend-before = Farben der Runde davor
network-legend-none = noch keine Schätzungen: ein Farbton je Schicht
network-legend-past = Aktivierungen gibt es nur von jetzt
network-legend-activation = hell: starke Aktivierung
network-legend-filter = erste Schicht in ihren Farben; rot positiv, blau negativ

## The network: its cells and the image
network-channel = { $layer } Kanal { $channel }
network-cell-new = Neu: beim letzten Wachstum entstanden, noch nicht trainiert.
network-cell-gain = { $family }: geschätzter Gewinn { $gain }
network-cell-click-hint = Ein Klick zeigt Filter und Kandidaten
network-next-image = Nächstes Bild
network-previous-image = Vorheriges Bild

## One channel: its head and its activation
channel-changes = Änderungen
channel-changes-hint = Die Änderungen, die hier möglich sind, mit ihren Formeln
channel-pixels = Pixel × Kern
channel-pixels-hint = Wie eine Zahl der Aktivierung zustande kommt
channel-images = Repariert, kaputt
channel-images-hint = Die Bilder, die durch eine Änderung richtig oder falsch werden
channel-scale = Längs der Skala
channel-scale-hint = Was eine Änderung bringt, wenn nur ein Teil von ihr gemacht wird
channel-close = Schließen
channel-filter = Filter
channel-activation = Aktivierung für dieses Bild
channel-place = Zeile { $row }, Spalte { $column } von { $side }×{ $side }
channel-size = { $side }×{ $side } Zahlen; klick eine an
channel-place-name = Eine Stelle der Aktivierung: Zeile { $row }, Spalte { $column }; Pfeiltasten verschieben sie
channel-past = Nur von jetzt
channel-not-computed = Noch nicht berechnet

## One channel: its changes and its filter
channel-not-proposed = Seine Kandidaten erscheinen nach der Etappe Propose, wenn das Netz trainiert ist.
channel-whole-layer = die ganze Schicht
channel-chosen = gewählt
channel-cost = { $parameters } Parameter, { $arithmetic }FLOP je Bild
channel-kernels = ein Filterkern je Eingangskanal
channel-kernels-some = ein Filterkern je Eingangskanal, { $shown } von { $count } gezeigt

## One channel: a place of its activation, taken apart
channel-this = Dieser Kanal
channel-first-child = Kind 1
channel-second-child = Kind 2
channel-shortcut = Vor der gezeigten Aktivierung wird noch etwas addiert: Hier endet eine Abkürzung.
channel-children-part = Die Kinder entstehen durch das { $scale }-Fache des Gelernten.
channel-children-all = Die Kinder entstehen durch alles Gelernte; es fand sich kein Schritt in seine Richtung, der hilft.
channel-children-halves = Die nächste Schicht gewichtet jedes mit ½.
channel-input = Eingang
channel-pixels-under = Pixel darunter
channel-times-kernel = × Filterkern
channel-products = = Produkte
channel-sum = Summe
channel-child-kernel = { $child }: Filterkern
channel-beyond = außerhalb des Bildes, wo 0 gelesen wird: 0 × { $weight } = 0
channel-others = { $count ->
    [one] 1 anderer Kanal
   *[other] { $count } andere Kanäle
    }
channel-bias = Bias
channel-norm = Norm
channel-steps = u ist die Summe aller Produkte und des Bias
channel-norm-step = Normierung: (u { $mean }) / { $deviation } × { $weight } { $bias }
channel-relu-step = ReLU: Was unter 0 ist, wird 0

## One channel: the images that a change repairs and those that it breaks
channel-compare-question = Welche der { $count } zurückgehaltenen Bilder macht { $what } richtig und welche falsch?
channel-compare = Antworten vergleichen
channel-repaired = Repariert: { $count }
channel-broken = Kaputt: { $count }
channel-more = und { $count } weitere
channel-verdict-hint = Wenn für jedes Bild, das die Seite wechselte, ein Münzwurf entschieden hätte, ob es repariert wird oder kaputtgeht, käme so oft ein mindestens so großer Unterschied heraus (exakter McNemar-Test)
channel-neutral = Es fand sich kein Schritt dieser Änderung, der hilft: Gemacht würde sie nichts ändern.
channel-what-change = die Änderung „{ $change }“
channel-not-comparable = Änderungen lassen sich vergleichen, sobald sie gelernt sind.
channel-what-growth = das Wachstum der Runde { $round } (vor dem Weitertrainieren)
channel-verdict-none = keine Antwort wechselte die Seite
channel-verdict-chance = größtenteils Zufall ({ $share } % bei Münzwürfen)
channel-verdict-maybe = es kann Zufall sein ({ $share } % bei Münzwürfen)
channel-verdict-hardly = kaum Zufall ({ $share } % bei Münzwürfen)
channel-compared = Von { $images } zurückgehaltenen Bildern hat { $what } { $repaired } repariert und { $broken } kaputt gemacht: { $verdict }. { $before } waren richtig, { $after } sind es jetzt.
channel-flip = Bild { $number } ansehen ({ $label }): vorher { $before } { $before_share }, mit der Änderung { $after } { $after_share }

## One channel: along the scale of a change, and why there is none
channel-not-learned-kind = Diese Änderung wird ganz gemacht oder gar nicht.
channel-scale-question = Wie viel besser wird das Netz, wenn ein Teil der Änderung gemacht wird, oder mehr als sie ganz?
channel-follow = { $change } verfolgen
channel-scale-at = bei { $scale }: Wahrheit { $truth }   Tangente { $tangent }   { $formula } { $estimate }
channel-only-now = Das wird nur für den jetzigen Moment des Laufs berechnet.
channel-no-round = Änderungen lassen sich ansehen, sobald sie vorgeschlagen und gelernt sind.
channel-no-change = Wähle zuerst unter „Änderungen“ eine Änderung.
channel-not-learned = Diese Änderung ist noch nicht gelernt: Führe die Etappe Learn aus.

## The heads of the network's columns, and what they show on a click
heads-layer = Schicht { $layer }
heads-reads = liest
heads-reads-channels = { $inputs ->
    [one] 1 Kanal
   *[other] { $inputs } Kanäle
    }
heads-kernels = Filterkerne
heads-kernels-shape = { $outputs } × { $inputs }, je { $rows } × { $columns }
heads-gives = gibt
heads-gives-channels = { $channels ->
    [one] 1 Kanal von { $side } × { $side }
   *[other] { $channels } Kanäle von { $side } × { $side }
    }
heads-then = dann
heads-pooling-max = Pooling (Maximum)
heads-pooling-mean = Pooling (Mittel)
heads-pooling-all = Pooling (Mittel von allem)
heads-parameters = Parameter
heads-arithmetic = Rechenaufwand
heads-flops = { $arithmetic }FLOP je Bild

## The row of stages
stages-finished = Beendet
stages-last-training = Endtraining
stages-trial = Versuch { $trial }
stages-search = Suche
stages-round = Runde { $round } von { $rounds }
stages-done = Etappe { $stage }: beendet
stages-present = Etappe { $stage }: jetzt
stages-later = Etappe { $stage }: kommt noch
stages-click-hint = Ein Klick zeigt, was sie ergab

## The slider over the history
timeline-name = Moment im Verlauf
timeline-title = Momente
timeline-hint = Zeigt das Netz, seine Kandidaten und Kurven, wie sie zu einem beliebigen Moment waren; nichts wird rückgängig gemacht. Aktivierungen gibt es nur von jetzt. Der früheste aufbewahrte Moment: { $earliest }
timeline-now = Jetzt
timeline-to-now = Zum Jetzt
timeline-to-now-hint = Zeigt den Lauf, wie er jetzt steht (Escape)
