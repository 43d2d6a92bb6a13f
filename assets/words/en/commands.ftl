### The commands, the bar at the top, the list of commands, the first look around, and the dialog for paths.

## The commands: in menus, as hints, and in the list of all
commands-play-pause = Play or pause
commands-run-through = Run through
commands-step = One stage
commands-round = To the end of the round
commands-cancel = Cancel the stage under way
commands-undo = Undo
commands-redo = Redo
commands-lessons = Lessons…
commands-own-run = Start a run of your own
commands-new-run = New run…
commands-open-run = Open a run…
commands-save-run = Save a copy of the run…
commands-save-settings = Save the settings…
commands-copy-link = Copy a link to this run
commands-one-more-round = Add a round
commands-predict = Predict before you look
commands-keep-curves = Keep these curves to compare
commands-log = Begin or end a log of what is done…
commands-export-csv = Export the numbers as CSV…
commands-export-svg = Export the plot as SVG…
commands-export-png = Export the window as PNG…
commands-export-onnx = Export the network as ONNX…
commands-export-torch = Export the network for PyTorch…
commands-export-tensorboard = Export the numbers for TensorBoard…
commands-export-parquet = Export the candidates as Parquet…
commands-export-hub = Export a folder for the Hugging Face Hub…
commands-export-pictures = Export all pictures of the run…
commands-export-movie = Export the growth as a movie…
commands-theme = Light or dark
commands-presenter = Presenter size
commands-calm = Less motion
commands-english = Language: English
commands-german = Language: Deutsch
commands-french = Language: Français
commands-spanish = Language: Español
commands-palette = All commands
commands-help = What is all this?
commands-quit = Save and quit

## The panels: their tabs, and the commands that show them
commands-tab-cloud = Estimated and actual
commands-show-cloud = Show estimated against actual
commands-tab-curves = Curves
commands-show-curves = Show loss and accuracy
commands-tab-table = Candidates
commands-show-table = Show all candidates
commands-tab-costs = Costs
commands-show-costs = Show what the stages cost
commands-tab-race = Race
commands-show-race = Race configurations
commands-tab-figures = Figures
commands-show-figures = Make the paper's figures

## The bar at the top: its buttons are short
transport-play = Play
transport-pause = Pause
transport-pausing = Pausing…
transport-stage = Stage
transport-round = Round
transport-run-through = Run through
transport-cancel = Cancel
transport-new-run = New run…
transport-run-menu = Run
transport-view-menu = View
transport-menu = Menu
transport-commands = Commands
transport-log = ● log
transport-log-hint = What is done here is written to a file of yours; nothing is sent
transport-history = History
transport-history-hint = Every stage and edit so far
transport-take-back = Take the run to another moment
transport-speed = Speed
transport-speed-hint = The pause between stages while playing
transport-latest = Latest runs
transport-images = { $name }, { $count } images
transport-images-hint = { $classes } classes from the { $source } data: { $training } training images, { $validation } validation images to choose by, { $held_out } held out to report on
transport-as-asked = as asked for
transport-no-adapter = there is no graphics adapter here
transport-title-hint = The seed network, and the number that names every random choice

## How fast it plays
view-speed-slow = Slow
view-speed-normal = Normal
view-speed-fast = Fast

## The list of all commands
palette-letters = Type a few letters
palette-search = Search commands
palette-none = No command of that name. Try fewer letters.

## The first look around
help-title = Seedling grows a network, and checks every estimate
help-learns = A small network learns
help-learns-text = Each column is a layer, each cell a channel: a filter that looks for something in the image.
help-could-change = It could change
help-could-change-text = A channel could be split in two, or pruned; a layer widened, or a new one put after it. Such a change is a morphism: at first the network computes the same as before.
help-estimates = A formula estimates
help-estimates-text = For every change at once, how far the loss would fall, without building it (Gauss–Newton morphisms).
help-measured = Then it is measured
help-measured-text = Each change is really made. Where a point lies on the diagonal of the plot, the formula was right.
help-kept = The best are kept
help-kept-text = The network grows by the changes that paid, and trains again.
help-source = After Lawton, Galstyan and Ver Steeg, arXiv 2411.05855, in our own reconstruction. Space plays and pauses; Ctrl+K finds every command.
help-lesson = Start the lesson
help-lessons = Other lessons
help-resume = Resume { $run }
help-resume-hint = { $age }, in { $folder }
help-close = Close

## Why a command cannot be used now
controls-frozen = The link that opened this page has switched it off
enabled-no-run = There is no run yet
enabled-pausing = Pausing: the unit of work under way ends first
enabled-finished = The experiment is finished: add a round (Run menu), or start a new run
enabled-nothing-under-way = Nothing is under way
enabled-nothing-to-undo = There is nothing to undo
enabled-nothing-to-redo = There is nothing to redo
enabled-at-work = The lab is at work: pause or cancel it first

## Beside the picture, for those who do not see it
beside-panel = The panel shown is: { $panel }.
beside-next-panel = Next panel: { $panel }

## Images by name, which are fetched once
named-fetch = Fetch { $set } ({ $size })
named-fetching = { $set }: { $done } of { $size }
named-stop = Stop fetching
named-stopping = Stopping

## Files that are read and written
exchange-else = { $error }. What else can be taken: { $taken }
exchange-network = { $convolutions } convolutions, { $parameters } parameters, { $classes } classes
exchange-written = { $path } is written.
exchange-downloaded = { $name } is downloaded.
exchange-files-downloaded = { $files } files are downloaded as { $name }.
exchange-files-copied = { $files } files are copied to { $path }.
exchange-files-written = { $files } files are written to { $path }.
exchange-not-written = The picture is not written: { $why }
exchange-no-pixels = the picture has no pixels
log-written = The log has ended: { $path } is written.
log-downloaded = The log has ended: { $name } is downloaded.

## The dialog that asks for a path: what the path is for
paths-open-run = Open a run
paths-save-run = Save a copy of the run
paths-images = Images
paths-network = A network to start from
paths-load-settings = Load settings
paths-save-settings = Save the settings
paths-export-csv = Export the numbers as CSV
paths-export-svg = Export the plot as SVG
paths-export-png = Export the window as PNG
paths-log = Begin a log of what is done
paths-card-png = Save the card as PNG
paths-card-text = Save the answers as text
paths-export-onnx = Export the network as ONNX
paths-export-torch = Export the network for PyTorch
paths-export-tensorboard = Export the numbers for TensorBoard
paths-export-parquet = Export the candidates as Parquet
paths-export-hub = Export a folder for the Hugging Face Hub
paths-export-pictures = Export all pictures of the run
paths-export-movie = Export the growth as a movie
paths-path = Path
paths-browse = Browse…
paths-ok = OK
paths-cancel = Cancel

## What may lie at the path, or will
paths-open-run-hint = A folder written by this program or by seedling grow --out
paths-save-run-hint = A new folder, for the files of the command line's format
paths-images-hint = A folder of CIFAR, MNIST or class folders with pictures, an archive (.tar.gz), a table (.csv)
paths-network-hint = An ONNX file of any program, or a run's .safetensors file
paths-load-settings-hint = A TOML file
paths-save-settings-hint = A TOML file, for this program or seedling grow --config
paths-log-hint = A file, written until the same command ends the log; nothing is sent anywhere
paths-file-hint = A file; an older one is replaced
paths-movie-hint = An animated PNG, which browsers and slides play
paths-pictures-hint = A folder for SVG and PNG files, light and dark; older ones are replaced
paths-torch-hint = A folder for model.py and model.safetensors; older ones are replaced
paths-tensorboard-hint = A folder for event files, to be shown by: tensorboard --logdir FOLDER
paths-hub-hint = A folder to upload: the network for ONNX and PyTorch, and its card

## The same in a page, where files are uploaded and downloaded
paths-page-open-run-hint = Browse for a run downloaded from here or zipped on a disk (.zip)
paths-page-save-run-hint = A name: the run is downloaded as a zip file
paths-page-images-hint = Browse for a zip file of class folders with pictures, of CIFAR's or MNIST's files, of a table
paths-page-network-hint = Browse for an ONNX file of any program, or a run's .safetensors file
paths-page-load-settings-hint = Browse for a TOML file
paths-page-log-hint = A name: the file is downloaded when the same command ends the log; nothing is sent
paths-page-file-hint = A name to download it by
