### Ce que les commandes écrivent : le rapport d'une expérience et d'une recherche, l'avancement, comment continuer.

## L'en-tête
report-engine = Seedling { $version }, moteur { $engine }, graine { $seed }
report-images = Images
report-images-of = { $name } ({ $source }), { $classes } classes : { $train } pour entraîner, { $validation } pour valider, { $held } réservées au rapport
report-with-weights = de { $file }, avec ses poids
report-of-layers = avec les couches de { $file }
report-plan = Plan
report-plan-rounds =
    { $rounds ->
        [one] 1 tour de croissance
       *[other] { $rounds } tours de croissance
    }
report-plan-search = une recherche ({ $after })
report-plan-from = { $plan } depuis le réseau initial { $seed }, changements par { $families }
report-note = Note
report-warning = Attention : { $warning }

## Un tour
report-round = Tour { $round } sur { $rounds }
report-trained = entraîné
report-grown = agrandi
report-not-trained = Le réseau agrandi n'est pas encore entraîné : le prochain entraînement part de là.
report-imitated = Le réseau agrandi a seulement imité son parent, pendant { $steps } pas : le prochain entraînement part de là.
report-prevent = Moins de changements par tour, ou confirm = true, l'évitent.
report-result = Résultat
report-seed-trained = initial, entraîné
report-untrained = non entraîné
report-final = final
report-computing = { $time } de calcul.
report-change = changement
report-loss-held-out = perte, réservées
report-loss-training = perte, entraînement
report-accuracy-training = exactitude, entraînement
report-parameters = paramètres
report-flops = FLOPs par image
report-points = { $points } pt
report-about-loss = entropie croisée en nats : moins, c'est mieux
report-about-accuracy = images bien reconnues
report-about-parameters = nombres que l'entraînement ajuste
report-about-flops = calculs d'une passe avant
report-about-training = de même sur les images d'entraînement

## Ses candidats
report-candidates = Candidats : { $all ->
    [one] 1 changement examiné
   *[other] { $all } changements examinés
    }, { $made } faits.
report-about-gain = Le gain est la baisse de la perte sur les images réservées : estimé par la formule « { $estimator } », réel en faisant le changement pour voir. Le pas dit jusqu'où aller dans la direction apprise.
report-scale = pas
report-alone = seul
report-beyond-training = au-delà de l'entraînement
report-made = faits
report-none-made = aucun ne valait son coût
report-best = meilleures estimations
report-worst = pires estimations
report-own-step = Au-delà de l'entraînement : un pas de plus des poids existants gagnerait { $gain } pour rien, selon la perte linéarisée sur les images de validation. Ce qu'un changement gagne à côté de ce pas est de la croissance ; seul, une partie peut être de l'entraînement.
report-added = Les changements faits y ajoutent { $gain }.
report-no-length = Essayés ensemble, à aucune longueur les changements ne baissent la perte : le réseau reste tel quel.
report-together = Ensemble : les { $made } changements réparent les mêmes erreurs, leurs gains isolés ne s'ajoutent donc pas. L'estimation commune les prévoit tous à la fois, chacun fait seulement autant que les autres lui laissent à faire.
report-validation = validation
report-held-out = réservées
report-joint = estimation commune
report-came = obtenu
report-factor = Faits à { $factor } fois les longueurs choisies : la meilleure de celles essayées.
report-agreement = Accord des gains estimés et réels, sur tous les candidats d'une famille ; 1 est parfait. Pearson : sont-ils sur une droite ? Spearman : sont-ils dans le même ordre ? Pente : réel par estimé.
report-slope = pente
report-not-all = pas tous
report-measured = mesurés

## À la fin
report-in-the-end = À la fin : { $followed ->
    [one] 1 changement suivi
   *[other] { $followed } changements suivis
    } pendant l'entraînement suivant, chacun seul dans un jumeau du réseau. Le gain à la fin dit de combien sa perte sur les images réservées est sous { $loss }, celle d'un jumeau sans changement.
report-all-made = tous les changements faits
report-own-score = la note de l'apprenant
report-gain-at-once = le gain immédiat
report-again = la fin dans un autre ordre
report-foreseen = Spearman avec la fin : { $ranks }.

## Ce que cela a coûté
report-work = travail
report-seconds = secondes
report-to-show = pour montrer
report-train = ajuster les poids, noter le résultat
report-learn = trouver la meilleure forme de chaque candidat, tous à la fois
report-estimate = choisir les pas, prédire chaque gain par chaque formule
report-measure = faire les changements un à un pour voir les gains réels
report-choose = essayer ensemble les plus prometteurs
report-grow = réécrire le réseau, le noter
report-about-flop = Les FLOPs sont ce qu'il faut à la méthode ; ce qui montre seulement comment elle marche est compté à part.
report-files = Tous les nombres sont dans { $folder } (run.json, { $table }).

## Une recherche
report-trial = essai { $trial }
report-seed-trial = le réseau initial, entraîné
report-copy-trial = essai { $parent } entraîné encore
report-changed-trial = { $changes } de l'essai { $parent }
report-trial-loss = perte { $loss }
report-trial-predicted = prédit { $gain } ± { $error }, immédiat { $immediate }
report-trial-gained = gagné { $gain }
report-trial-best = le meilleur jusqu'ici
report-search = Recherche : { $after }
report-search-cost = { $trials } essais après le réseau initial en { $time }, { $cost }FLOP de la méthode ; sa propre réflexion a pris { $thinking }FLOP et { $thought }.
report-goes-on = L'essai { $trial } continue. Il a été tenté parce que : { $why }
report-trial-column = essai
report-parent = parent
report-loss = perte
report-predicted = prédit
report-about-trials = Pertes et gains valent sur les images de validation ; rien n'est décidé par les images réservées, notées pour les essais qui furent les meilleurs. À la fin : après le court entraînement, par rapport au parent entraîné aussi longtemps, là où cela a été essayé.
report-beliefs = Ce qui était cru : { $count ->
    [one] 1 prédiction
   *[other] { $count } prédictions
    } ; Spearman { $once } avec le gain immédiat, { $end } avec le gain à la fin ; { $within } des gains immédiats étaient à moins de deux erreurs types de la prédiction.
report-not-learned = Prédit est ce que les changements gagneraient s'ils étaient appris, ce qu'ils ne sont pas ici : dans l'immédiat, seul ce qui enlève quelque chose, ou est tiré au hasard, change ce que le réseau calcule.

## L'avancement
report-search-stage = recherche, { $stage }
report-final-stage = à la fin, { $stage }
report-round-stage = tour { $round } sur { $rounds }, { $stage }
report-done-in = fait en { $time }
report-notice = note : { $text }
report-warned = attention : { $text }

## Continuer
report-finished = L'expérience dans { $folder } est finie ; rien n'a été changé. Pour qu'elle grandisse encore, donnez plus de --rounds.
report-at-learning = au tour { $round }, pas d'apprentissage { $step } sur { $steps }
report-before-stage = avant l'étape { $stage } du tour { $round }
report-at-training = au tour { $round }, pas d'entraînement { $step } sur { $steps }
report-saved = tout est enregistré
report-saved-before = tout ce qui précède est enregistré, et l'étape { $stage } recommence
report-stopped = Arrêté { $place } ; { $saved }. Pour continuer : seedling grow --resume { $folder }
report-stopped-unsaved = Arrêté { $place } ; rien n'a été enregistré. Avec --out DOSSIER, une expérience peut être reprise plus tard : --resume DOSSIER.

## Une comparaison
report-compared = { $configurations } configurations, { $seeds ->
    [one] 1 graine
   *[other] { $seeds } graines
    } chacune, chaque expérience pour un coût total de { $cost }FLOPs (entraîner, apprendre, estimer, mesurer, choisir et noter, tout compté) ; le dernier entraînement de chacune prend ce que le reste a laissé.
report-compared-files = Tous les nombres sont dans { $folder } (summary.csv, curves.csv).
