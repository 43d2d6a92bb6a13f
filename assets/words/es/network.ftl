### The network, one channel of it, the row of stages and the slider over the history.

## The network: what its colours stand for
network-title = Red
network-paint-gain = Ganancia estimada
network-paint-gain-hint = Rojo donde dividir aporta más, azul donde podar cuesta menos
network-paint-activation = Activación
network-paint-activation-hint = La salida de cada canal para la imagen
network-paint-filter = Filtro
network-paint-filter-hint = Los pesos de cada canal

## The network: its legend, in 350 points at most
network-legend-forming = se forma al aprender los cambios
network-legend-split = dividir aporta más
network-legend-prune = podar cuesta menos
network-legend-new = anillo: nuevo, sin entrenar
network-legend-before-and = colores de la ronda anterior;
network-legend-before = colores de la ronda anterior
network-legend-none = aún sin estimaciones: un tono por capa
network-legend-past = activaciones solo del momento presente
network-legend-activation = claro: activación fuerte
network-legend-filter = primera capa en sus colores; rojo positivo, azul negativo

## The network: its cells and the image
network-channel = { $layer } canal { $channel }
network-cell-new = Nuevo: creado en el último crecimiento, aún sin entrenar.
network-cell-gain = { $family }: ganancia estimada { $gain }
network-cell-click-hint = Haz clic para ver su filtro y sus candidatos
network-next-image = Imagen siguiente
network-previous-image = Imagen anterior

## One channel: its head and its activation
channel-changes = Cambios
channel-changes-hint = Los cambios posibles aquí, con sus fórmulas
channel-pixels = Píxeles × núcleo
channel-pixels-hint = De dónde sale un número de la activación
channel-images = Reparadas, rotas
channel-images-hint = Las imágenes que un cambio acierta o falla
channel-scale = Según la escala
channel-scale-hint = Lo que aporta un cambio hecho solo en parte
channel-close = Cerrar
channel-filter = Filtro
channel-activation = Activación para esta imagen
channel-place = fila { $row }, columna { $column } de { $side }×{ $side }
channel-size = { $side }×{ $side } números; elige uno
channel-place-name = Un punto de la activación: fila { $row }, columna { $column }; las flechas lo mueven
channel-past = Solo del presente
channel-not-computed = Aún sin calcular

## One channel: its changes and its filter
channel-not-proposed = Sus candidatos aparecen tras la etapa Propose, cuando la red está entrenada.
channel-whole-layer = toda la capa
channel-chosen = elegido
channel-cost = { $parameters } parámetros, { $arithmetic }FLOP por imagen
channel-kernels = un núcleo por canal de entrada
channel-kernels-some = un núcleo por canal de entrada, se muestran { $shown } de { $count }

## One channel: a place of its activation, taken apart
channel-this = Este canal
channel-first-child = Hijo 1
channel-second-child = Hijo 2
channel-shortcut = Antes de la activación mostrada se suma algo más: aquí termina un atajo.
channel-children-part = Los hijos se hacen con { $scale } de lo aprendido.
channel-children-all = Los hijos se hacen con todo lo aprendido; no se halló ningún paso en esa dirección que ayude.
channel-children-halves = La capa siguiente pondera cada uno con ½.
channel-input = entrada
channel-pixels-under = píxeles debajo
channel-times-kernel = × núcleo
channel-products = = productos
channel-sum = suma
channel-child-kernel = { $child }: núcleo
channel-beyond = fuera de la imagen, donde se lee 0: 0 × { $weight } = 0
channel-others = { $count ->
    [one] 1 canal más
   *[other] { $count } canales más
    }
channel-bias = sesgo
channel-norm = norm.
channel-steps = u es la suma de todos los productos y el sesgo
channel-norm-step = normalización: (u { $mean }) / { $deviation } × { $weight } { $bias }
channel-relu-step = ReLU: lo que está bajo 0 pasa a ser 0

## One channel: the images that a change repairs and those that it breaks
channel-compare-question = ¿Cuáles de las { $count } imágenes reservadas acierta { $what } y cuáles falla?
channel-compare = Comparar las respuestas
channel-repaired = Reparadas: { $count }
channel-broken = Rotas: { $count }
channel-more = y { $count } más
channel-verdict-hint = Si para cada imagen que cambió de lado una moneda hubiera decidido si se repara o se rompe, una diferencia al menos tan grande aparecería con esta frecuencia (prueba exacta de McNemar)
channel-neutral = No se halló ningún paso de este cambio que ayude: hecho, no cambiaría nada.
channel-what-change = el cambio «{ $change }»
channel-not-comparable = Los cambios se pueden comparar una vez aprendidos.
channel-what-growth = el crecimiento de la ronda { $round } (antes de seguir entrenando)
channel-verdict-none = ninguna respuesta cambió de lado
channel-verdict-chance = casi todo azar ({ $share } % a cara o cruz)
channel-verdict-maybe = puede ser azar ({ $share } % a cara o cruz)
channel-verdict-hardly = apenas azar ({ $share } % a cara o cruz)
channel-compared = De { $images } imágenes reservadas, { $what } reparó { $repaired } y rompió { $broken }: { $verdict }. { $before } eran correctas, ahora lo son { $after }.
channel-flip = Ver la imagen { $number } ({ $label }): { $before } { $before_share } antes, { $after } { $after_share } con el cambio

## One channel: along the scale of a change, and why there is none
channel-not-learned-kind = Este cambio se hace entero o no se hace.
channel-scale-question = ¿Cuánto mejora la red si se hace una parte del cambio, o más que el cambio entero?
channel-follow = Seguir { $change }
channel-scale-at = en { $scale }: verdad { $truth }   tangente { $tangent }   { $formula } { $estimate }
channel-only-now = Esto se calcula solo para el momento presente del experimento.
channel-no-round = Los cambios se pueden examinar una vez propuestos y aprendidos.
channel-no-change = Elige primero un cambio en «Cambios».
channel-not-learned = Este cambio aún no está aprendido: haz la etapa Learn.

## The heads of the network's columns, and what they show on a click
heads-layer = Capa { $layer }
heads-reads = lee
heads-reads-channels = { $inputs ->
    [one] 1 canal
   *[other] { $inputs } canales
    }
heads-kernels = núcleos
heads-kernels-shape = { $outputs } × { $inputs }, cada uno { $rows } × { $columns }
heads-gives = da
heads-gives-channels = { $channels ->
    [one] 1 canal de { $side } × { $side }
   *[other] { $channels } canales de { $side } × { $side }
    }
heads-then = luego
heads-pooling-max = pooling (máx)
heads-pooling-mean = pooling (media)
heads-pooling-all = pooling (media de todo)
heads-parameters = parámetros
heads-arithmetic = cálculo
heads-flops = { $arithmetic }FLOP por imagen

## The row of stages
stages-finished = Terminado
stages-last-training = Última fase
stages-trial = Ensayo { $trial }
stages-search = Búsqueda
stages-round = Ronda { $round } de { $rounds }
stages-done = Etapa { $stage }: terminada
stages-present = Etapa { $stage }: actual
stages-later = Etapa { $stage }: por venir
stages-click-hint = Haz clic para ver lo que halló

## The slider over the history
timeline-name = Momento del historial
timeline-title = Momentos
timeline-hint = Muestra la red, sus candidatos y sus curvas como eran en cualquier momento; no se deshace nada. Las activaciones son solo del presente. El momento más antiguo guardado: { $earliest }
timeline-now = Ahora
timeline-to-now = Al presente
timeline-to-now-hint = Muestra el experimento tal como está (Escape)
