### What is told: stages in sentences, the screen in words, the moments of the history, the runs kept; links, and what may be dropped.

## What a stage will do
sentences-before-seed = Noter le réseau non entraîné, pour voir ce que donne le hasard.
sentences-before-train = Entraîner le réseau : { $steps } pas sur { $images } images.
sentences-before-propose = Lister chaque changement que le réseau permet (diviser ce canal, élaguer cet autre…) et ce qu'il coûte.
sentences-before-learn = Apprendre la meilleure forme de chaque changement, tous à la fois, avec la formule { $formula } : { $steps } pas.
sentences-before-estimate = Choisir sur { $images } images jusqu'où pousser chaque changement, puis prédire son gain sur { $others } autres.
sentences-before-measure = Faire vraiment les changements, un par un, et voir de combien la perte sur les images réservées baisse réellement.
sentences-before-choose-joint = Trouver jusqu'où pousser tous les changements ensemble, car leurs gains ne s'additionnent pas.
sentences-before-choose-random = Tirer les changements au sort.
sentences-before-choose-confirmed = Choisir ce qui vaut son coût, chaque changement étant testé en plus des précédents.
sentences-before-choose-single = Choisir ce qui vaut son coût, d'après les gains isolés.
sentences-before-grow = Réécrire le réseau selon les changements choisis ; le reste demeure tel quel.
sentences-before-ask = Demander à la stratégie quel réseau essayer ensuite, et pourquoi.
sentences-before-assess = Évaluer le réseau sur { $images } images.
sentences-before-adopt = Prendre le réseau que la recherche a trouvé, et le noter avant son dernier entraînement.
sentences-before-done = L'expérience est terminée : ajoutez un tour (menu Expérience) ou commencez-en une nouvelle.

## What a stage did
sentences-trained = Entraîné : perte sur les images réservées { $loss }, { $share } correctes.
sentences-proposed = { $count ->
    [one] { $count } candidat : { $kinds }.
   *[other] { $count } candidats : { $kinds }.
    }
sentences-learned = Tous les changements appris en { $time }.
sentences-best = Meilleure estimation : { $change }, un gain de { $gain }.
sentences-measured = Gains estimés et réels de { $family } : corrélation { $correlation }, pente { $slope }.
sentences-chosen = Changements choisis : { $chosen } sur { $count }.
sentences-grown = Passé de { $before } à { $after } paramètres ; perte sur les images réservées { $was } → { $now } avant tout entraînement.
sentences-grown-imitating = Passé de { $before } à { $after } paramètres ; perte sur les images réservées { $was } → { $now } après { $steps } pas à imiter son parent.
sentences-worse = La perte sur les images réservées a augmenté de { $rise }, l'exactitude est passée de { $was } à { $now }. Avec { $images } images, une exactitude est sûre à ±{ $points } points près.

## What is said above the panels
sentences-left = , reste { $time }
sentences-loss = , perte { $loss }
sentences-next = Ensuite, { $stage } : { $what }
sentences-looking-back = Retour en arrière
sentences-past = { $moment }. Seulement à regarder : l'expérience elle-même reste où elle est.

## The screen in words, for those who do not see it
aloud-change = Changement
aloud-estimated-gain = Gain estimé
aloud-actual-gain = Gain réel
aloud-chosen-or-not = Choisi ou non
aloud-done = Étape { $stage } terminée.
aloud-seed-done = Étape { $stage } terminée. Sans entraînement, { $share } sont correctes.
aloud-under-way = Étape { $stage } en cours.
aloud-press = Appuyez sur Lecture ou sur Une étape.
aloud-past = Vous regardez un moment antérieur : { $moment }.
aloud-at-work = Calcul avec { $engine }. Tour { $round }, étape { $stage }, au travail.
aloud-waiting = Calcul avec { $engine }. Tour { $round }, étape { $stage }, en attente.
aloud-recognised = { $share } des images réservées sont reconnues.
aloud-measured = { $count ->
    [one] { $count } candidat a été estimé et mesuré.
   *[other] { $count } candidats ont été estimés et mesurés.
    }
aloud-recorded = Cette expérience a été enregistrée : appuyez sur Lecture, et elle continue à partir d'ici.
aloud-image = l'image
aloud-shortcut = Un raccourci ajoute { $from } à ce que donne { $to }.
aloud-end = À la fin { $count } classes : { $names }.
aloud-end-with-cost = À la fin { $count } classes : { $names } ; { $parameters } paramètres.
aloud-layer = { $channels ->
    [one] { $name } : { $channels } canal de { $side }×{ $side }, noyaux { $kernel }×{ $kernel }
   *[other] { $name } : { $channels } canaux de { $side }×{ $side }, noyaux { $kernel }×{ $kernel }
    }
aloud-pool = , { $pool }
aloud-new = { "\u00A0" }; { $count } de plus, pas encore entraînés
aloud-gone = { "\u00A0" }; { $count } de moins
aloud-not-measured = non mesuré
aloud-not-decided = non décidé
aloud-best = Tour { $round } : les { $shown } meilleurs des { $count } changements par gain estimé ({ $formula })

## The moments of the history
board-beginning = Le début
board-opened = Ouvert avant { $stage }
board-nothing-earlier = Avant { $stage }, tour { $round } : rien d'antérieur n'est gardé
board-edited = Choix modifié à la main
board-more-rounds = Plus de tours demandés
board-after-last = Après le dernier entraînement
board-after-trial = Après { $stage }, essai { $trial }
board-after = Après { $stage }
board-after-round = Après { $stage }, tour { $round }
past-undone = { $moment }, annulé
past-from-files = Avant { $stage }, tour { $round }, d'après ses fichiers

## What computes a run
board-webgpu = WebGPU sur { $adapter }
board-candle = Candle sur le processeur

## The runs kept
runs-of-classes = { $classes } - graine { $seed }
runs-of-preset = { $preset } graine { $seed }
runs-run = Expérience { $number } : { $title }
runs-just-now = à l'instant
runs-minutes-ago = { $count ->
    [one] il y a { $count } minute
   *[other] il y a { $count } minutes
    }
runs-hours-ago = { $count ->
    [one] il y a { $count } heure
   *[other] il y a { $count } heures
    }
runs-days-ago = { $count ->
    [one] il y a { $count } jour
   *[other] il y a { $count } jours
    }

## What is wrong with a link
link-wrong = Le lien demande des réglages qui n'existent pas : { $what }
link-lesson = lesson : trouvé « { $found } », attendu l'un de { $names }
link-step = step : trouvé « { $found } », attendu l'un de { $names }
link-no-pair = trouvé « { $found } », attendu nom=valeur
link-encoding = « { $name } » : codage % défectueux
link-twice = « { $name } » y est deux fois
link-found = trouvé « { $found } », attendu { $expected }
link-none-of = trouvé « { $found } », attendu l'un de { $names }

## What may be dropped on the window
native-images = un dossier contenant un dossier d'images par classe, les fichiers de CIFAR ou de MNIST, une archive (.tar.gz), un tableau (.csv)
native-dropped = le dossier d'une expérience ou l'un de ses fichiers, des réglages ou une leçon (.toml), une expérience enregistrée (.seedling), un réseau (.onnx)
native-no-address = { $address } : seule la page ouvre une expérience par son adresse

## What may be dropped on the page, and what it fetches
page-images = un fichier zip contenant un dossier d'images par classe, les fichiers de CIFAR ou de MNIST, ou un tableau (.csv) avec ses images
page-dropped = une expérience téléchargée d'ici ou de la fenêtre (.zip), des réglages ou une leçon (.toml), une expérience enregistrée (.seedling), un réseau (.onnx)
page-no-run = { $address } : aucune expérience n'y a été trouvée, attendu un fichier fait par « Enregistrer une copie de l'expérience »
page-fetching = Récupération des images, fichier { $number } sur { $count } : { $done } sur { $total } MB
page-no-reason = le navigateur ne dit pas pourquoi
web-usual-run = { $error }. L'expérience habituelle commence à la place.
web-new-run = L'expérience du lien ne peut pas être ouverte : { $why }. Une nouvelle commence à la place.

## Ce qui se passe en arrière-plan, et ce qu'on peut faire en cas d'échec.
worker-undo-advice = Annuler revient en arrière ; ensuite, moins de changements, ou des changements confirmés, feront peut-être mieux. Lecture continue.
worker-loading = Chargement des images
worker-starting = Démarrage du moteur
worker-opening = Ouverture de l'expérience
worker-opening-recorded = Ouverture de l'expérience enregistrée
worker-study-stopped = Arrêté ; chaque expérience est gardée, et relancer reprend
worker-one-core = Calcul sur un seul cœur dans cette page, ce qui est plus long : { $why }
worker-goes-on = Interrompu : { $stage } reprendra après le pas { $step }
worker-begins-again = Interrompu : { $stage } recommencera
worker-not-kept = Cette expérience n'est plus enregistrée : { $why }
worker-not-compared = Interrompu : aucune image n'a été comparée
worker-study-not-shown = Une étude ne peut pas être montrée : { $why }
worker-study-starting = démarrage du moteur
failing-diverged = Le dernier bon état est gardé. Baissez le taux d'apprentissage dans les réglages, ou annulez.
failing-device = Rien n'est perdu. Lecture réessaie ; ou choisissez le moteur Candle dans les réglages.
failing-cancelled = Rien n'est perdu. Lecture continue.
failing-fault = Ce qui était fait est gardé. Lecture réessaie, ou annulez.
failing-engine = Choisissez un autre moteur dans les réglages.
failing-field = Ouvrez les réglages et changez ce champ.
failing-images-of-the-page = Déposez à nouveau sur la page le fichier zip avec les images, ou choisissez les images intégrées dans les réglages.
failing-images = Choisissez dans les réglages un autre dossier ou les images intégrées.
failing-folder = Choisissez un autre dossier.
failing-other = Le dernier bon état est gardé. Annulez, ou commencez une nouvelle expérience.
