### The commands, the bar at the top, the list of commands, the first look around, and the dialog for paths.

## The commands: in menus, as hints, and in the list of all
commands-play-pause = Reproducir o pausar
commands-run-through = Ejecutar hasta el final
commands-step = Una etapa
commands-round = Hasta el final de la ronda
commands-cancel = Cancelar la etapa en curso
commands-undo = Deshacer
commands-redo = Rehacer
commands-lessons = Lecciones…
commands-own-run = Empezar un experimento propio
commands-new-run = Nuevo experimento…
commands-open-run = Abrir un experimento…
commands-save-run = Guardar una copia del experimento…
commands-save-settings = Guardar los ajustes…
commands-copy-link = Copiar un enlace a este experimento
commands-one-more-round = Añadir una ronda
commands-predict = Predecir antes de mirar
commands-keep-curves = Conservar estas curvas para comparar
commands-log = Empezar o terminar un registro de lo que se hace…
commands-export-csv = Exportar los números como CSV…
commands-export-svg = Exportar el gráfico como SVG…
commands-export-png = Exportar la ventana como PNG…
commands-export-onnx = Exportar la red como ONNX…
commands-export-torch = Exportar la red para PyTorch…
commands-export-tensorboard = Exportar los números para TensorBoard…
commands-export-parquet = Exportar los candidatos como Parquet…
commands-export-hub = Exportar una carpeta para el Hugging Face Hub…
commands-export-pictures = Exportar todas las imágenes del experimento…
commands-export-movie = Exportar el crecimiento como película…
commands-theme = Claro u oscuro
commands-presenter = Tamaño de presentación
commands-calm = Menos movimiento
commands-english = Idioma: English
commands-german = Idioma: Deutsch
commands-french = Idioma: Français
commands-spanish = Idioma: Español
commands-palette = Todos los comandos
commands-help = ¿Qué es todo esto?
commands-quit = Guardar y salir

## The panels: their tabs, and the commands that show them
commands-tab-cloud = Estimado y real
commands-show-cloud = Mostrar estimado frente a real
commands-tab-curves = Curvas
commands-show-curves = Mostrar pérdida y exactitud
commands-tab-table = Candidatos
commands-show-table = Mostrar todos los candidatos
commands-tab-costs = Costes
commands-show-costs = Mostrar lo que cuestan las etapas
commands-tab-race = Carrera
commands-show-race = Hacer competir configuraciones
commands-tab-figures = Figuras
commands-show-figures = Crear las figuras del artículo

## The bar at the top: its buttons are short
transport-play = Reproducir
transport-pause = Pausa
transport-pausing = Pausando…
transport-stage = Etapa
transport-round = Ronda
transport-run-through = Hasta el final
transport-cancel = Cancelar
transport-new-run = Nuevo…
transport-run-menu = Experimento
transport-view-menu = Vista
transport-menu = Menú
transport-commands = Comandos
transport-log = ● registro
transport-log-hint = Lo que se hace aquí se escribe en un archivo tuyo; no se envía nada
transport-history = Historial
transport-history-hint = Todas las etapas y ediciones hasta ahora
transport-take-back = Llevar el experimento a otro momento
transport-speed = Velocidad
transport-speed-hint = La pausa entre etapas durante la reproducción
transport-latest = Últimos experimentos
transport-images = { $name }, { $count } imágenes
transport-images-hint = { $classes } clases de los datos { $source }: { $training } imágenes de entrenamiento, { $validation } imágenes de validación para elegir, { $held_out } reservadas para informar
transport-as-asked = como se pidió
transport-no-adapter = aquí no hay ningún adaptador gráfico
transport-title-hint = La red inicial y la semilla que fija cada elección aleatoria

## How fast it plays
view-speed-slow = Lento
view-speed-normal = Normal
view-speed-fast = Rápido

## The list of all commands
palette-letters = Escribe unas letras
palette-search = Buscar comandos
palette-none = Ningún comando con ese nombre. Prueba con menos letras.

## The first look around
help-title = Seedling hace crecer una red y comprueba cada estimación
help-learns = Una red pequeña aprende
help-learns-text = Cada columna es una capa, cada celda un canal: un filtro que busca algo en la imagen.
help-could-change = Podría cambiar
help-could-change-text = Un canal podría dividirse en dos o podarse; una capa, ensancharse o ir seguida de otra nueva. Un cambio así es un morfismo: al principio, la red calcula lo mismo que antes.
help-estimates = Una fórmula estima
help-estimates-text = Para todos los cambios a la vez, cuánto bajaría la pérdida, sin construirlos (morfismos de Gauss–Newton).
help-measured = Después se mide
help-measured-text = Cada cambio se hace de verdad. Donde un punto está en la diagonal del gráfico, la fórmula acertó.
help-kept = Los mejores se conservan
help-kept-text = La red crece con los cambios que valieron la pena y vuelve a entrenar.
help-source = Según Lawton, Galstyan y Ver Steeg, arXiv 2411.05855, en nuestra propia reconstrucción. Espacio reproduce y pausa; Ctrl+K encuentra todos los comandos.
help-lesson = Empezar la lección
help-lessons = Otras lecciones
help-resume = Reanudar: { $run }
help-resume-hint = { $age }, en { $folder }
help-close = Cerrar

## Why a command cannot be used now
controls-frozen = El enlace que abrió esta página lo ha desactivado
enabled-no-run = Aún no hay ningún experimento
enabled-pausing = En pausa: antes termina el trabajo en curso
enabled-finished = El experimento ha terminado: añade una ronda (menú Experimento) o empieza uno nuevo
enabled-nothing-under-way = No hay nada en curso
enabled-nothing-to-undo = No hay nada que deshacer
enabled-nothing-to-redo = No hay nada que rehacer
enabled-at-work = El laboratorio está trabajando: primero ponlo en pausa o cancélalo

## Beside the picture, for those who do not see it
beside-panel = El panel mostrado es: { $panel }.
beside-next-panel = Panel siguiente: { $panel }

## Images by name, which are fetched once
named-fetch = Descargar { $set } ({ $size })
named-fetching = { $set }: { $done } de { $size }
named-stop = Detener la descarga
named-stopping = Deteniendo

## Files that are read and written
exchange-else = { $error }. Qué más se puede tomar: { $taken }
exchange-network = { $convolutions } convoluciones, { $parameters } parámetros, { $classes } clases
exchange-written = { $path } está escrito.
exchange-downloaded = { $name } se ha descargado.
exchange-files-downloaded = { $files } archivos están descargados como { $name }.
exchange-files-copied = { $files } archivos están copiados en { $path }.
exchange-files-written = { $files } archivos están escritos en { $path }.
exchange-not-written = La imagen no se ha escrito: { $why }
exchange-no-pixels = la imagen no tiene píxeles
log-written = El registro ha terminado: { $path } está escrito.
log-downloaded = El registro ha terminado: { $name } se ha descargado.

## The dialog that asks for a path: what the path is for
paths-open-run = Abrir un experimento
paths-save-run = Guardar una copia del experimento
paths-images = Imágenes
paths-network = Una red de partida
paths-load-settings = Cargar ajustes
paths-save-settings = Guardar los ajustes
paths-export-csv = Exportar los números como CSV
paths-export-svg = Exportar el gráfico como SVG
paths-export-png = Exportar la ventana como PNG
paths-log = Empezar un registro de lo que se hace
paths-card-png = Guardar la tarjeta como PNG
paths-card-text = Guardar las respuestas como texto
paths-export-onnx = Exportar la red como ONNX
paths-export-torch = Exportar la red para PyTorch
paths-export-tensorboard = Exportar los números para TensorBoard
paths-export-parquet = Exportar los candidatos como Parquet
paths-export-hub = Exportar una carpeta para el Hugging Face Hub
paths-export-pictures = Exportar todas las imágenes del experimento
paths-export-movie = Exportar el crecimiento como película
paths-path = Ruta
paths-browse = Examinar…
paths-ok = OK
paths-cancel = Cancelar

## What may lie at the path, or will
paths-open-run-hint = Una carpeta escrita por este programa o por seedling grow --out
paths-save-run-hint = Una carpeta nueva, para los archivos con el formato de la línea de órdenes
paths-images-hint = Una carpeta de CIFAR, MNIST o carpetas de clases con imágenes, un archivo comprimido (.tar.gz), una tabla (.csv)
paths-network-hint = Un archivo ONNX de cualquier programa, o el archivo .safetensors de un experimento
paths-load-settings-hint = Un archivo TOML
paths-save-settings-hint = Un archivo TOML, para este programa o seedling grow --config
paths-log-hint = Un archivo, que se escribe hasta que el mismo comando termine el registro; no se envía nada a ninguna parte
paths-file-hint = Un archivo; uno anterior se reemplaza
paths-movie-hint = Un PNG animado, que reproducen navegadores y diapositivas
paths-pictures-hint = Una carpeta para archivos SVG y PNG, claros y oscuros; los anteriores se reemplazan
paths-torch-hint = Una carpeta para model.py y model.safetensors; los anteriores se reemplazan
paths-tensorboard-hint = Una carpeta para archivos de eventos, que muestra: tensorboard --logdir FOLDER
paths-hub-hint = Una carpeta para subir: la red para ONNX y PyTorch, y su ficha

## The same in a page, where files are uploaded and downloaded
paths-page-open-run-hint = Examina en busca de un experimento descargado de aquí o comprimido en un disco (.zip)
paths-page-save-run-hint = Un nombre: el experimento se descarga como archivo zip
paths-page-images-hint = Examina en busca de un archivo zip de carpetas de clases con imágenes, de archivos de CIFAR o MNIST, o de una tabla
paths-page-network-hint = Examina en busca de un archivo ONNX de cualquier programa, o del archivo .safetensors de un experimento
paths-page-load-settings-hint = Examina en busca de un archivo TOML
paths-page-log-hint = Un nombre: el archivo se descarga cuando el mismo comando termina el registro; no se envía nada
paths-page-file-hint = Un nombre con el que descargarlo
