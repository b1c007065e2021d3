-- Fits the report's HTML, as pandoc reads it, to a document on paper.
-- The first heading becomes the title and a division of class "subtitle" the subtitle; the headings below move
-- up a level; Word and OpenDocument get a list of contents; columns get widths by what is in them.

local WORDS = FORMAT == "docx" or FORMAT == "odt"
local CONTENTS_DEPTH = 2

local function has_class(element, wanted)
  for _, class in ipairs(element.classes) do
    if class == wanted or class:sub(-#wanted - 2) == "--" .. wanted then
      return true
    end
  end
  return false
end

-- Divisions only group: their contents stand alone. What is for the screen alone does not go on paper.
local function unwrapped(meta)
  return function(division)
    if has_class(division, "screen-only") then
      return {}
    end
    if has_class(division, "subtitle") then
      meta.subtitle = pandoc.utils.blocks_to_inlines(division.content)
      return {}
    end
    local first = division.content[1]
    if division.identifier ~= "" and first and first.t == "Header" and first.identifier == "" then
      first.identifier = division.identifier
      division.content[1] = first
    end
    return division.content
  end
end

local function with_identifier(seen)
  local count = 0
  return function(heading)
    count = count + 1
    if heading.identifier == "" then
      heading.identifier = "section-" .. count
    end
    heading.level = math.max(1, heading.level - 1)
    heading.classes = {}
    heading.attributes = {}
    seen[heading.identifier] = true
    return heading
  end
end

-- A link to a place that paper does not have would stop the PDF: its words stay, the link goes.
local function without_dead_links(places)
  return function(link)
    if link.target:sub(1, 1) == "#" and not places[link.target:sub(2)] then
      return link.content
    end
  end
end

-- Letters a column needs: its longest cell, within bounds, so that words get room and figures stay narrow.
-- A table of little is not drawn out over the whole page, so that a figure stands near what it counts.
local NARROWEST_PAGE = 74
local function needed(cells_by_column, columns)
  local widths, total = {}, 0
  for column = 1, columns do
    local longest = 8
    for _, cell in ipairs(cells_by_column[column]) do
      longest = math.max(longest, utf8.len(pandoc.utils.stringify(cell.contents)))
    end
    widths[column] = math.min(longest, 34) + 6
    total = total + widths[column]
  end
  for column = 1, columns do
    widths[column] = widths[column] / math.max(total, NARROWEST_PAGE)
  end
  return widths
end

local function rows_of(table_)
  local rows = pandoc.List()
  rows:extend(table_.head.rows)
  for _, body in ipairs(table_.bodies) do
    rows:extend(body.head)
    rows:extend(body.body)
  end
  rows:extend(table_.foot.rows)
  return rows
end

local function fitted(table_)
  local cells_by_column, columns = {}, #table_.colspecs
  for column = 1, columns do
    cells_by_column[column] = pandoc.List()
  end
  for _, row in ipairs(rows_of(table_)) do
    local column = 1
    for _, cell in ipairs(row.cells) do
      if has_class(cell, "numeric") then
        cell.alignment = "AlignRight"
      end
      if cell.col_span == 1 and cells_by_column[column] then
        cells_by_column[column]:insert(cell)
      end
      column = column + cell.col_span
    end
  end
  local widths = needed(cells_by_column, columns)
  for column = 1, columns do
    table_.colspecs[column][2] = widths[column]
  end
  return table_
end

-- Row headings read as headings: bold, as on the page.
local function row_heads_bold(table_)
  for _, body in ipairs(table_.bodies) do
    if body.row_head_columns > 0 then
      for _, row in ipairs(body.body) do
        local cell = row.cells[1]
        cell.contents = cell.contents:walk({
          Plain = function(plain) return pandoc.Plain({ pandoc.Strong(plain.content) }) end,
          Para = function(para) return pandoc.Para({ pandoc.Strong(para.content) }) end,
        })
      end
    end
  end
  return table_
end

local function quoted(text)
  return '"' .. text:gsub("\\", "\\\\"):gsub('"', '\\"'):gsub("%s+", " ") .. '"'
end

-- Pandoc's Typst writer leaves out the words that stand for a picture; PDF/UA rightly refuses without them.
local function typst_picture(image)
  local described = pandoc.utils.stringify(image.caption)
  local width = image.src:match("%.svg$") and ", width: 100%" or ""
  return pandoc.RawInline("typst", "#image(" .. quoted(image.src) .. width .. ", alt: " .. quoted(described) .. ")")
end

-- The OpenDocument writer leaves them out too; the description is moved into its frame once it is written.
local function opendocument_picture(image)
  local described = pandoc.utils.stringify(image.caption):gsub("&", "&amp;"):gsub("<", "&lt;"):gsub(">", "&gt;")
  return { image, pandoc.RawInline("opendocument", "<svg:desc>" .. described .. "</svg:desc>") }
end

local PICTURE = { typst = typst_picture, odt = opendocument_picture }

local function field(kind)
  return '<w:r><w:fldChar w:fldCharType="' .. kind .. '"/></w:r>'
end

-- Word can bring the list up to date as a field; it is complete as it stands, so nobody is asked to.
local function as_word_field(entries)
  local code = '<w:r><w:instrText xml:space="preserve"> TOC \\o "1-2" \\n \\h \\z \\u </w:instrText></w:r>'
  local opening = pandoc.RawInline("openxml", field("begin") .. code .. field("separate"))
  entries[1].content[1].content:insert(1, opening)
  entries[#entries].content[1].content:insert(pandoc.RawInline("openxml", field("end")))
end

local function contents_list(blocks)
  local entries = pandoc.List()
  for _, block in ipairs(blocks) do
    if block.t == "Header" and block.level <= CONTENTS_DEPTH then
      local link = pandoc.Link(pandoc.utils.stringify(block.content), "#" .. block.identifier)
      local style = { ["custom-style"] = "toc " .. block.level }
      entries:insert(pandoc.Div({ pandoc.Para({ link }) }, pandoc.Attr("", {}, style)))
    end
  end
  if #entries < 2 then
    return pandoc.List()
  end
  if FORMAT == "docx" then
    as_word_field(entries)
  end
  local heading = pandoc.Div({ pandoc.Para("Contents") }, pandoc.Attr("", {}, { ["custom-style"] = "TOC Heading" }))
  entries:insert(1, heading)
  return entries
end

-- How a page is shown on a screen is no property of a document.
local KEPT = { title = true, subtitle = true, lang = true }

local function with_properties_of_a_document(meta)
  local kept = {}
  for name, value in pairs(meta) do
    if KEPT[name] then
      kept[name] = value
    end
  end
  return pandoc.Meta(kept)
end

function Pandoc(document)
  local meta, places = document.meta, {}
  local blocks = document.blocks:walk({ Div = unwrapped(meta) })
  for place, block in ipairs(blocks) do
    if block.t == "Header" then
      meta.title = block.content
      blocks:remove(place)
      break
    end
  end
  blocks = blocks:walk({ Header = with_identifier(places) })
  blocks = blocks:walk({
    Link = without_dead_links(places),
    Table = function(table_) return row_heads_bold(fitted(table_)) end,
    Image = PICTURE[FORMAT],
  })
  if WORDS and not meta["one-page"] then
    blocks = contents_list(blocks) .. blocks
    meta = with_properties_of_a_document(meta)
  end
  if WORDS then
    meta["one-page"] = nil -- Word would keep it as a property of the document
  end
  return pandoc.Pandoc(blocks, meta)
end
