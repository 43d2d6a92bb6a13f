### The setup of a run: the dialog, its fields, the classes of its images, and data sets that are fetched for it.

## The dialog
setup-new-run = Nouvelle expérience
setup-new-run-about = Les valeurs par défaut sont un bon début : trois minutes sur deux cœurs ; moins de classes en demandent moins. Pointez un nom pour voir pourquoi.
setup-begin = Commencer
setup-entrant = Réglages d'une configuration
setup-entrant-about = Changez une seule chose, pour que la course dise ce qu'elle vaut. La graine vient de la course.
setup-keep = Garder
setup-all = Tous
setup-all-hint = Chaque réglage
setup-basic = Principaux
setup-basic-hint = Ce que la plupart des gens choisissent
setup-cancel = Annuler
setup-defaults = Par défaut
setup-load = Ouvrir des réglages…
setup-save = Enregistrer les réglages…
setup-more = Plus

## Its fields
setup-engine = Moteur
setup-engine-hint = Auto prend celui qu'une courte mesure trouve plus rapide
setup-engine-auto = Auto
setup-engine-candle = Candle (processeur)
setup-without = tous
setup-built-in-about = Intégrées : 2 000 et 1 000 images de CIFAR-10
setup-built-in = Intégrées
setup-folder = Dossier…
setup-folder-hint = Ou déposez-le ici
setup-network = Réseau…
setup-network-hint = Ou déposez-le ici
setup-no-network = Aucun
fields-limit = limiter
fields-layers-hint = Ou vos propres couches : les canaux de chaque convolution, M et A pour les poolings, comme dans 8-8-M-16
fields-cost = { $count ->
    [one] 1 convolution, { $parameters } paramètres, { $flops }FLOP par image
   *[other] { $count } convolutions, { $parameters } paramètres, { $flops }FLOP par image
    }
classes-class = Classe { $name }

## What was taken, and what is wrong
setup-taken-images = Prises comme images : { $set }, { $count } classes ({ $names })
setup-taken-network = Pris comme réseau initial : { $name }, { $about }
setup-found = trouvé : { $found }, attendu : { $expected }
classes-unknown = trouvé : « { $found } », attendu : quelques-unes de { $names }
classes-one = trouvé : une classe, attendu : au moins deux

## What a setting may be
allowed-whole-from = un nombre entier à partir de { $least }
allowed-whole = un nombre entier de { $least } à { $most }
allowed-limit = { $range }, ou { $none }
allowed-positive = un nombre supérieur à 0
allowed-not-negative = un nombre d'au moins 0
allowed-share = un nombre de 0 à moins de 1
allowed-flag = true ou false
allowed-choice = un parmi { $names }
allowed-families = certaines de { $names }
allowed-preset = { $names }, ou des couches comme 8-8-M-16
allowed-network = le dossier d'une expérience, un fichier .safetensors ou .onnx, ou { $none }
allowed-images = un dossier, une archive ou un tableau, ou { $none }
allowed-classes = des noms ou des numéros comme cat,dog ou 3,5, ou { $none } pour toutes
allowed-layers = des convolutions comme conv1,conv3, ou { $none } pour toutes

## A data set being fetched
fetch-no-thread = le système ne donne pas de fil d'exécution pour la récupération
fetch-way-on = Sans connexion : apportez { $archive } d'ailleurs et déposez-le sur la fenêtre ; les images intégrées sont toujours là
