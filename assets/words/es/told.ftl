### What is told: stages in sentences, the screen in words, the moments of the history, the runs kept; links, and what may be dropped.

## What a stage will do
sentences-before-seed = Puntuar la red sin entrenar, para ver qué da adivinar al azar.
sentences-before-train = Entrenar la red: { $steps } pasos con { $images } imágenes.
sentences-before-propose = Listar cada cambio que la red permite (dividir este canal, podar aquel…) y lo que cuesta.
sentences-before-learn = Aprender la mejor forma de cada cambio, todos a la vez, con la fórmula { $formula }: { $steps } pasos.
sentences-before-estimate = Elegir en { $images } imágenes hasta dónde llevar cada cambio y predecir su ganancia en otras { $others }.
sentences-before-measure = Hacer los cambios de verdad, uno por uno, y ver cuánto baja realmente la pérdida en las imágenes reservadas.
sentences-before-choose-joint = Hallar hasta dónde llevar todos los cambios a la vez, pues sus ganancias no se suman.
sentences-before-choose-random = Elegir los cambios por sorteo.
sentences-before-choose-confirmed = Elegir lo que vale su coste, probando cada cambio sobre los anteriores.
sentences-before-choose-single = Elegir lo que vale su coste, según las ganancias por separado.
sentences-before-grow = Reescribir la red con los cambios elegidos; el resto queda como estaba.
sentences-before-ask = Preguntar a la estrategia qué red probar después, y por qué.
sentences-before-assess = Evaluar la red en { $images } imágenes.
sentences-before-adopt = Tomar la red que halló la búsqueda y puntuarla antes de su último entrenamiento.
sentences-before-done = El experimento ha terminado: añade una ronda (menú Experimento) o empieza uno nuevo.

## What a stage did
sentences-trained = Entrenada: pérdida en las imágenes reservadas { $loss }, { $share } correctas.
sentences-proposed = { $count ->
    [one] 1 candidato: { $kinds }.
   *[other] { $count } candidatos: { $kinds }.
    }
sentences-learned = Todos los cambios aprendidos en { $time }.
sentences-best = Mejor estimación: { $change }, una ganancia de { $gain }.
sentences-measured = Ganancias estimadas y reales de { $family }: correlación { $correlation }, pendiente { $slope }.
sentences-chosen = Cambios elegidos: { $chosen } de { $count }.
sentences-grown = Ha crecido de { $before } a { $after } parámetros; pérdida en las imágenes reservadas { $was } → { $now } antes de todo entrenamiento.
sentences-grown-imitating = Ha crecido de { $before } a { $after } parámetros; pérdida en las imágenes reservadas { $was } → { $now } tras { $steps } pasos imitando a su red madre.
sentences-worse = La pérdida en las imágenes reservadas subió { $rise } y la exactitud pasó de { $was } a { $now }. Con { $images } imágenes, una exactitud es segura hasta ±{ $points } puntos.

## What is said above the panels
sentences-left = , quedan { $time }
sentences-loss = , pérdida { $loss }
sentences-next = A continuación, { $stage }: { $what }
sentences-looking-back = Mirada atrás
sentences-past = { $moment }. Solo para mirar: el experimento mismo sigue donde está.

## The screen in words, for those who do not see it
aloud-change = Cambio
aloud-estimated-gain = Ganancia estimada
aloud-actual-gain = Ganancia real
aloud-chosen-or-not = Elegido o no
aloud-done = Etapa { $stage } terminada.
aloud-seed-done = Etapa { $stage } terminada. Sin entrenar, { $share } son correctas.
aloud-under-way = Etapa { $stage } en curso.
aloud-press = Pulsa Reproducir o Una etapa.
aloud-past = Estás viendo un momento anterior: { $moment }.
aloud-at-work = Se calcula con { $engine }. Ronda { $round }, etapa { $stage }, en marcha.
aloud-waiting = Se calcula con { $engine }. Ronda { $round }, etapa { $stage }, en espera.
aloud-recognised = Se reconoce el { $share } de las imágenes reservadas.
aloud-measured = { $count ->
    [one] Se ha estimado y medido 1 candidato.
   *[other] Se han estimado y medido { $count } candidatos.
    }
aloud-recorded = Este experimento está grabado: pulsa Reproducir y sigue desde aquí.
aloud-image = la imagen
aloud-shortcut = Un atajo suma { $from } a lo que da { $to }.
aloud-end = Al final { $count } clases: { $names }.
aloud-end-with-cost = Al final { $count } clases: { $names }; { $parameters } parámetros.
aloud-layer = { $channels ->
    [one] { $name }: 1 canal de { $side }×{ $side }, núcleos { $kernel }×{ $kernel }
   *[other] { $name }: { $channels } canales de { $side }×{ $side }, núcleos { $kernel }×{ $kernel }
    }
aloud-pool = , { $pool }
aloud-new = ; { $count } nuevos y aún sin entrenar
aloud-gone = ; { $count } podados
aloud-not-measured = sin medir
aloud-not-decided = sin decidir
aloud-best = Ronda { $round }: los { $shown } mejores de { $count } cambios por ganancia estimada ({ $formula })

## The moments of the history
board-beginning = El comienzo
board-opened = Abierto antes de { $stage }
board-nothing-earlier = Antes de { $stage }, ronda { $round }: no se guarda nada anterior
board-edited = Elección cambiada a mano
board-more-rounds = Más rondas pedidas
board-after-last = Tras el último entrenamiento
board-after-trial = Tras { $stage }, ensayo { $trial }
board-after = Tras { $stage }
board-after-round = Tras { $stage }, ronda { $round }
past-undone = { $moment }, deshecho
past-from-files = Antes de { $stage }, ronda { $round }, de sus archivos

## What computes a run
board-webgpu = WebGPU en { $adapter }
board-candle = Candle en el procesador

## The runs kept
runs-of-classes = { $classes } - semilla { $seed }
runs-of-preset = { $preset } semilla { $seed }
runs-run = Experimento { $number }: { $title }
runs-just-now = ahora mismo
runs-minutes-ago = { $count ->
    [one] hace 1 minuto
   *[other] hace { $count } minutos
    }
runs-hours-ago = { $count ->
    [one] hace 1 hora
   *[other] hace { $count } horas
    }
runs-days-ago = { $count ->
    [one] hace 1 día
   *[other] hace { $count } días
    }

## What is wrong with a link
link-wrong = El enlace pide ajustes que no existen: { $what }
link-lesson = lesson: se encontró «{ $found }», se esperaba uno de { $names }
link-step = step: se encontró «{ $found }», se esperaba uno de { $names }
link-no-pair = se encontró «{ $found }», se esperaba nombre=valor
link-encoding = «{ $name }»: codificación % defectuosa
link-twice = «{ $name }» está dos veces
link-found = se encontró «{ $found }», se esperaba { $expected }
link-none-of = se encontró «{ $found }», se esperaba uno de { $names }

## What may be dropped on the window
native-images = una carpeta con una carpeta de imágenes por clase, los archivos de CIFAR o MNIST, un archivo comprimido (.tar.gz), una tabla (.csv)
native-dropped = la carpeta de un experimento o uno de sus archivos, ajustes o una lección (.toml), un experimento grabado (.seedling), una red (.onnx)
native-no-address = { $address }: solo la página abre un experimento por su dirección

## What may be dropped on the page, and what it fetches
page-images = un archivo zip con una carpeta de imágenes por clase, con los archivos de CIFAR o MNIST, o con una tabla (.csv) y sus imágenes
page-dropped = un experimento descargado de aquí o de la ventana (.zip), ajustes o una lección (.toml), un experimento grabado (.seedling), una red (.onnx)
page-no-run = { $address }: no contiene ningún experimento, se esperaba un archivo hecho con «Guardar una copia del experimento»
page-fetching = Se traen las imágenes, archivo { $number } de { $count }: { $done } de { $total } MB
page-no-reason = el navegador no dice por qué
web-usual-run = { $error }. En su lugar empieza el experimento habitual.
web-new-run = No se puede abrir el experimento del enlace: { $why }. En su lugar empieza uno nuevo.

## Lo que ocurre en segundo plano, y qué hacer cuando falla.
worker-undo-advice = Deshacer lo retira; luego, con menos cambios, o con cambios confirmados, quizá salga mejor. Reproducir continúa.
worker-loading = Cargando las imágenes
worker-starting = Iniciando el motor
worker-opening = Abriendo el experimento
worker-opening-recorded = Abriendo el experimento grabado
worker-study-stopped = Detenido; todos los experimentos se conservan, y volver a empezar los continúa
worker-one-core = Esta página calcula en un solo núcleo, lo que tarda más: { $why }
worker-goes-on = Cancelado: { $stage } seguirá tras el paso { $step }
worker-begins-again = Cancelado: { $stage } empezará de nuevo
worker-not-kept = Este experimento ya no se guarda: { $why }
worker-not-compared = Cancelado: no se comparó ninguna imagen
worker-study-not-shown = Un estudio no se puede mostrar: { $why }
worker-study-starting = iniciando el motor
failing-diverged = Se conserva el último estado bueno. Baja la tasa de aprendizaje en los ajustes, o deshaz.
failing-device = No se ha perdido nada. Reproducir lo intenta de nuevo; o elige el motor Candle en los ajustes.
failing-cancelled = No se ha perdido nada. Reproducir continúa.
failing-fault = Se conserva lo hecho antes. Reproducir lo intenta de nuevo, o deshaz.
failing-engine = Elige otro motor en los ajustes.
failing-field = Abre los ajustes y cambia ese campo.
failing-images-of-the-page = Suelta otra vez en la página el archivo zip con las imágenes, o elige las imágenes incluidas en los ajustes.
failing-images = Elige en los ajustes otra carpeta o las imágenes incluidas.
failing-folder = Elige otra carpeta.
failing-other = Se conserva el último estado bueno. Deshaz, o empieza un experimento nuevo.
