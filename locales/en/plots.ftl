### Plots of land and the EU's regulation on deforestation.

nav-plots = Plots

plots-title = Plot { $number }
plots-number = Number
plots-search = Number or producer begins with
plots-producer = Producer
plots-country = Country
plots-production-place = Place
plots-production-place-hint = What the place is called: kebele, woreda, zone.
plots-area = Area
plots-area-hint = Hectares, at most 4 for a point. Larger plots need an outline.
plots-area-stated = as stated
plots-area-measured = measured from the outline
plots-shape-label = Shape
plots-shape = { $kind }, { $positions ->
    [one] one position
   *[other] { $positions } positions
  }
plots-bounds = { $west } to { $east } east, { $south } to { $north } north
plots-created = Mapped
plots-from-file = from { $name }
plots-revision-label = Revision
plots-revision-number = Revision { $number }
plots-revisions = Other revisions
plots-newer = The revision in force
plots-superseded = A later revision has taken the place of this one.
plots-retired-because = Taken out of use by { $by }, { $at }: { $reason }
plots-file = Download as GeoJSON
plots-empty-title = No plots
plots-empty-text = Plots come from a GeoJSON file, or one by one.

plots-cutoff = Cut-off date
plots-stated-tag = stated
plots-not-stated-tag = not stated
plots-not-stated = Nothing was stated about 31 December 2020.
plots-stated-by = Stated by { $by } on { $date }
plots-cutoff-statement = I state that this land was not deforested after 31 December 2020
plots-cutoff-hint = Regulation (EU) 2023/1115. Leave this empty if you cannot state it.
plots-evidence-kind = Kind of evidence
plots-evidence = Evidence
plots-evidence-hint = What shows it: title, number, day, where it is kept. 10 to 500 characters.

plot-evidence-satellite = Satellite pictures
plot-evidence-field-visit = Visit to the field
plot-evidence-land-register = Land register
plot-evidence-cooperative = Records of the cooperative or union
plot-evidence-other = Other evidence

plot-geometry-point = Point
plot-geometry-multipoint = Points
plot-geometry-polygon = Outline
plot-geometry-multipolygon = Outlines

plot-status-active = in use
plot-status-retired = out of use

plots-map = Map
plots-map-title = Map of plot { $number }
plots-map-of-file = Map of the plots in the file
plots-map-shows = { $shown } of { $all } plots are drawn.
plots-positions = Positions: { $shown } of { $all }
plots-position = Position
plots-longitude = Longitude
plots-longitude-hint = Degrees east with six decimals: 38.412345
plots-latitude = Latitude
plots-latitude-hint = Degrees north with six decimals: 6.612345

plots-new-title = Map a plot
plots-new-lead = A plot of up to 4 hectares is given by one point. Larger plots come with their outline in a GeoJSON file.
plots-new-submit = Map the plot
plots-where = Where it lies
plots-own-number = Your number
plots-own-number-hint = Letters, digits and - . _ /. Left empty, the plot gets the next number.
plots-mapped = Plot { $number } is mapped.

plots-revision-title = New revision of plot { $number }
plots-revision-lead = The new revision takes the place of the one in force, which stays on record. What was stated about the cut-off date has to be stated again.
plots-revision-submit = Put this revision in force
plots-revision-action = Correct
plots-geometry = Geometry
plots-geometry-hint = A GeoJSON geometry (Point, MultiPoint, Polygon or MultiPolygon). Left empty, the plot stays where it is.
plots-revised = Plot { $number } has a new revision.

plots-retirement-title = Take plot { $number } out of use
plots-retirement-lead = No new lot can come from it then. Lots that did still do.
plots-retirement-reason = Why
plots-retirement-submit = Take out of use
plots-retirement-action = Take out of use
plots-retired = Plot { $number } is out of use.

plots-cutoff-title = Cut-off date of plot { $number }
plots-cutoff-lead = You state that this land was not deforested after 31 December 2020. Name what shows it.
plots-cutoff-submit = Put the statement on record
plots-cutoff-action = State the cut-off date
plots-stated = The statement about plot { $number } is on record.

plots-import-title = Import plots
plots-import-lead = Choose a GeoJSON file. You see first what would be stored, and store it then; a file with one fault is not stored at all.
plots-import-format = The file is a FeatureCollection in WGS 84, longitude before latitude, with the properties ProducerName, ProducerCountry, ProductionPlace and Area, spelt so. A property PlotId may hold your own number.
plots-import-file-hint = GeoJSON, at most { $size } and { $most } plots.
plots-import-submit = Look at the file
plots-file-refused = { $name } has faults. Nothing was stored.
plots-file-read = The file has no faults. Plots in it: { $count }.
plots-file-discarded = The file is discarded. Nothing was stored.
plots-imported = Plots stored: { $count }.
plots-faults = What is wrong
plots-faults-found = Faults: { $faults }. Features without fault: { $good }.
plots-place = Where
plots-coordinates = Coordinates
plots-what = What
plots-preview-title = What { $name } holds
plots-preview-lead = Nothing is stored yet. Look at what would be stored, and say yes below.
plots-preview-rows = Plots that would be stored
plots-count = Plots
plots-sent = Sent
plots-feature = Feature
plots-notes = Please note
plots-more-notes = And { $count } more, in the table.
plots-number-to-come = next number
plots-store-submit = { $count ->
    [one] Save the plot
   *[other] Save { $count } plots
  }
plots-discard = Discard the file
plots-earlier-rows = Earlier features
plots-later-rows = Later features

plots-place-file = The file
plots-place-feature = Feature { $number }
plots-place-part = part { $number }
plots-place-ring = ring { $number }
plots-place-position = position { $number }

plots-fault-not-text = The file is no text: byte { $byte } is not UTF-8.
plots-fault-not-json = This is no JSON: line { $line }, character { $column }.
plots-fault-not-a-collection = The file is no FeatureCollection.
plots-fault-other-reference-system = The file names another reference system than WGS 84.
plots-fault-no-feature = The file has no feature.
plots-fault-too-many-features = More than { $most } features. Divide the file.
plots-fault-not-a-feature = This is no Feature.
plots-fault-no-geometry = There is no geometry.
plots-fault-other-geometry = Point, MultiPoint, Polygon or MultiPolygon is expected, not { $found }.
plots-fault-no-property = The property { $name } is missing.
plots-fault-property-case = The property { $name } is missing; { $found } has to be spelt { $name }.
plots-fault-not-a-name = { $name } has to be a text of 1 to { $most } characters.
plots-fault-unknown-country = { $found } is no code of a country such as "ET".
plots-fault-not-an-area = Area has to be a number of hectares, more than 0 and at most { $most }.
plots-fault-point-too-large = A point stands for at most 4 hectares; with { $area } an outline is needed.
plots-fault-outline-too-large = The outline has { $area } hectares; more than { $most } is no plot.
plots-fault-no-area = The outline has no area.
plots-fault-not-coordinates = Longitude and latitude are expected, not { $found }.
plots-fault-no-position = There is no position.
plots-fault-too-many-positions = More than { $most } positions in one geometry.
plots-fault-hole = A hole: the EU's format takes none. Draw the outline around it, or divide the plot.
plots-fault-too-few-positions = A ring has at least 4 positions, the first and the last being the same; this one has { $count }.
plots-fault-not-closed = The ring is not closed: its last position has to be its first, { $first }.
plots-fault-not-a-number = A number of degrees is expected, not { $found }.
plots-fault-longitude = The longitude { $found } lies outside -180 to 180.
plots-fault-latitude = The latitude { $found } lies outside -90 to 90.
plots-fault-too-coarse = The coordinates have { $decimals } decimals; six are needed.
plots-fault-repeated = This is position { $before } again, once both are rounded to six decimals.
plots-fault-goes-back = The line turns back upon itself here.
plots-fault-self-crossing = The side from position { $first } to { $first_end } crosses or touches the side from { $second } to { $second_end } here.
plots-fault-parts-meet = It crosses or touches part { $other } here.
plots-fault-part-inside = It lies inside part { $other }.
plots-fault-not-a-plot-number = A plot's own number has up to 40 letters, digits and - . _ /, and does not begin with PLOT-.
plots-fault-number-twice = Feature { $before } has the number { $number } already.
plots-fault-geometry-twice = It lies where feature { $before } lies.
plots-fault-number-in-use = You have a plot with the number { $number } already.
plots-fault-geometry-in-use = Your plot { $number } lies there already.

plots-note-rounded = Coordinates with more than six decimals are rounded: { $count }.
plots-note-heights-left-out = Heights are left out.
plots-note-area-assumed = No area is given: it is taken for 4 hectares, as in the EU's format.
plots-note-area-differs = The area given is { $stated } ha, the outline has { $measured } ha, which is stored.
plots-note-outside-ethiopia = { $at } does not lie in Ethiopia.
plots-note-looks-swapped = { $at } does not lie in Ethiopia; longitude and latitude look exchanged.

plots-refusal-not-yours = This plot is another exporter's.
plots-refusal-superseded = A later revision stands in the place of this one.
plots-refusal-retired = This plot is out of use.
plots-refusal-stale = The plot has changed since this page was shown.
plots-refusal-stated = The statement was made before.
plots-refusal-settled = This file was stored or discarded before.
plots-refusal-faulty = It cannot be stored.
