### The commands, the bar at the top, the list of commands, the first look around, and the dialog for paths.

## The commands: in menus, as hints, and in the list of all
commands-play-pause = Lecture ou pause
commands-run-through = Aller jusqu'au bout
commands-step = Une étape
commands-round = Jusqu'à la fin du tour
commands-cancel = Interrompre l'étape en cours
commands-undo = Annuler
commands-redo = Rétablir
commands-lessons = Leçons…
commands-own-run = Commencer votre propre expérience
commands-new-run = Nouvelle expérience…
commands-open-run = Ouvrir une expérience…
commands-save-run = Enregistrer une copie de l'expérience…
commands-save-settings = Enregistrer les réglages…
commands-copy-link = Copier un lien vers cette expérience
commands-one-more-round = Ajouter un tour
commands-predict = Prédire avant de regarder
commands-keep-curves = Garder ces courbes pour comparer
commands-log = Commencer ou finir un journal des actions…
commands-export-csv = Exporter les nombres en CSV…
commands-export-svg = Exporter le graphique en SVG…
commands-export-png = Exporter la fenêtre en PNG…
commands-export-onnx = Exporter le réseau en ONNX…
commands-export-torch = Exporter le réseau pour PyTorch…
commands-export-tensorboard = Exporter les nombres pour TensorBoard…
commands-export-parquet = Exporter les candidats en Parquet…
commands-export-hub = Exporter un dossier pour le Hugging Face Hub…
commands-export-pictures = Exporter toutes les images de l'expérience…
commands-export-movie = Exporter la croissance en film…
commands-theme = Clair ou sombre
commands-presenter = Taille de présentation
commands-calm = Moins de mouvement
commands-english = Langue : English
commands-german = Langue : Deutsch
commands-french = Langue : Français
commands-spanish = Langue : Español
commands-palette = Toutes les commandes
commands-help = Qu'est-ce que tout cela ?
commands-quit = Enregistrer et quitter

## The panels: their tabs, and the commands that show them
commands-tab-cloud = Estimé et réel
commands-show-cloud = Montrer estimé contre réel
commands-tab-curves = Courbes
commands-show-curves = Montrer la perte et l'exactitude
commands-tab-table = Candidats
commands-show-table = Montrer tous les candidats
commands-tab-costs = Coûts
commands-show-costs = Montrer ce que coûtent les étapes
commands-tab-race = Course
commands-show-race = Mettre des configurations en course
commands-tab-figures = Figures
commands-show-figures = Produire les figures de l'article

## The bar at the top: its buttons are short
transport-play = Lecture
transport-pause = Pause
transport-pausing = S'arrête…
transport-stage = Étape
transport-round = Tour
transport-run-through = Jusqu'au bout
transport-cancel = Interrompre
transport-new-run = Nouvelle…
transport-run-menu = Expérience
transport-view-menu = Affichage
transport-menu = Menu
transport-commands = Commandes
transport-log = ● journal
transport-log-hint = Ce qui est fait ici est écrit dans un fichier à vous ; rien n'est envoyé
transport-history = Historique
transport-history-hint = Toutes les étapes et modifications jusqu'ici
transport-take-back = Ramener l'expérience à un autre moment
transport-speed = Vitesse
transport-speed-hint = La pause entre les étapes pendant la lecture
transport-latest = Dernières expériences
transport-images = { $name }, { $count } images
transport-images-hint = { $classes } classes des données { $source } : { $training } images d'entraînement, { $validation } images de validation pour choisir, { $held_out } images réservées pour le bilan
transport-as-asked = comme demandé
transport-no-adapter = il n'y a pas d'adaptateur graphique ici
transport-title-hint = Le réseau initial, et la graine qui fixe chaque choix aléatoire

## How fast it plays
view-speed-slow = Lent
view-speed-normal = Normal
view-speed-fast = Rapide

## The list of all commands
palette-letters = Tapez quelques lettres
palette-search = Chercher une commande
palette-none = Aucune commande de ce nom. Essayez avec moins de lettres.

## The first look around
help-title = Seedling fait croître un réseau et vérifie chaque estimation
help-learns = Un petit réseau apprend
help-learns-text = Chaque colonne est une couche, chaque cellule un canal : un filtre qui cherche quelque chose dans l'image.
help-could-change = Il pourrait changer
help-could-change-text = Un canal pourrait être divisé en deux ou élagué ; une couche, élargie ou suivie d'une nouvelle. Un tel changement est un morphisme : au début, le réseau calcule la même chose qu'avant.
help-estimates = Une formule estime
help-estimates-text = Pour tous les changements à la fois, de combien la perte baisserait, sans les construire (morphismes de Gauss–Newton).
help-measured = Puis on mesure
help-measured-text = Chaque changement est réellement fait. Là où un point est sur la diagonale du graphique, la formule avait raison.
help-kept = Les meilleurs sont gardés
help-kept-text = Le réseau croît des changements qui ont payé, et s'entraîne de nouveau.
help-source = D'après Lawton, Galstyan et Ver Steeg, arXiv 2411.05855, dans notre propre reconstruction. Espace lance et met en pause ; Ctrl+K trouve toutes les commandes.
help-lesson = Commencer la leçon
help-lessons = Autres leçons
help-resume = Reprendre : { $run }
help-resume-hint = { $age }, dans { $folder }
help-close = Fermer

## Why a command cannot be used now
controls-frozen = Le lien qui a ouvert cette page l'a désactivé
enabled-no-run = Il n'y a pas encore d'expérience
enabled-pausing = Mise en pause : le travail en cours se termine d'abord
enabled-finished = L'expérience est terminée : ajoutez un tour (menu Expérience) ou commencez-en une nouvelle
enabled-nothing-under-way = Rien n'est en cours
enabled-nothing-to-undo = Il n'y a rien à annuler
enabled-nothing-to-redo = Il n'y a rien à rétablir
enabled-at-work = Le laboratoire travaille : mettez-le en pause ou interrompez-le d'abord

## Beside the picture, for those who do not see it
beside-panel = Le panneau affiché est : { $panel }.
beside-next-panel = Panneau suivant : { $panel }

## Images by name, which are fetched once
named-fetch = Télécharger { $set } ({ $size })
named-fetching = { $set } : { $done } sur { $size }
named-stop = Interrompre
named-stopping = Interruption

## Files that are read and written
exchange-else = { $error }. Ce qui peut aussi être pris : { $taken }
exchange-network = { $convolutions } convolutions, { $parameters } paramètres, { $classes } classes
exchange-written = { $path } est écrit.
exchange-downloaded = { $name } est téléchargé.
exchange-files-downloaded = { $files } fichiers sont téléchargés sous le nom { $name }.
exchange-files-copied = { $files } fichiers sont copiés dans { $path }.
exchange-files-written = { $files } fichiers sont écrits dans { $path }.
exchange-not-written = L'image n'est pas écrite : { $why }
exchange-no-pixels = l'image n'a pas de pixels
log-written = Le journal est terminé : { $path } est écrit.
log-downloaded = Le journal est terminé : { $name } est téléchargé.

## The dialog that asks for a path: what the path is for
paths-open-run = Ouvrir une expérience
paths-save-run = Enregistrer une copie de l'expérience
paths-images = Images
paths-network = Un réseau de départ
paths-load-settings = Charger des réglages
paths-save-settings = Enregistrer les réglages
paths-export-csv = Exporter les nombres en CSV
paths-export-svg = Exporter le graphique en SVG
paths-export-png = Exporter la fenêtre en PNG
paths-log = Commencer un journal des actions
paths-card-png = Enregistrer la carte en PNG
paths-card-text = Enregistrer les réponses en texte
paths-export-onnx = Exporter le réseau en ONNX
paths-export-torch = Exporter le réseau pour PyTorch
paths-export-tensorboard = Exporter les nombres pour TensorBoard
paths-export-parquet = Exporter les candidats en Parquet
paths-export-hub = Exporter un dossier pour le Hugging Face Hub
paths-export-pictures = Exporter toutes les images de l'expérience
paths-export-movie = Exporter la croissance en film
paths-path = Chemin
paths-browse = Parcourir…
paths-ok = OK
paths-cancel = Annuler

## What may lie at the path, or will
paths-open-run-hint = Un dossier écrit par ce programme ou par seedling grow --out
paths-save-run-hint = Un nouveau dossier, pour les fichiers au format de la ligne de commande
paths-images-hint = Un dossier de CIFAR, de MNIST ou de dossiers de classes avec des images, une archive (.tar.gz), une table (.csv)
paths-network-hint = Un fichier ONNX de n'importe quel programme, ou le fichier .safetensors d'une expérience
paths-load-settings-hint = Un fichier TOML
paths-save-settings-hint = Un fichier TOML, pour ce programme ou seedling grow --config
paths-log-hint = Un fichier, écrit jusqu'à ce que la même commande finisse le journal ; rien n'est envoyé nulle part
paths-file-hint = Un fichier ; un plus ancien est remplacé
paths-movie-hint = Un PNG animé, que lisent les navigateurs et les diaporamas
paths-pictures-hint = Un dossier pour des fichiers SVG et PNG, clairs et sombres ; les plus anciens sont remplacés
paths-torch-hint = Un dossier pour model.py et model.safetensors ; les plus anciens sont remplacés
paths-tensorboard-hint = Un dossier pour des fichiers d'événements, à afficher par : tensorboard --logdir FOLDER
paths-hub-hint = Un dossier à téléverser : le réseau pour ONNX et PyTorch, et sa carte

## The same in a page, where files are uploaded and downloaded
paths-page-open-run-hint = Parcourez pour trouver une expérience téléchargée d'ici ou compressée sur un disque (.zip)
paths-page-save-run-hint = Un nom : l'expérience est téléchargée en fichier zip
paths-page-images-hint = Parcourez pour trouver un fichier zip de dossiers de classes avec des images, des fichiers de CIFAR ou de MNIST, ou d'une table
paths-page-network-hint = Parcourez pour trouver un fichier ONNX de n'importe quel programme, ou le fichier .safetensors d'une expérience
paths-page-load-settings-hint = Parcourez pour trouver un fichier TOML
paths-page-log-hint = Un nom : le fichier est téléchargé quand la même commande finit le journal ; rien n'est envoyé
paths-page-file-hint = Un nom sous lequel le télécharger
