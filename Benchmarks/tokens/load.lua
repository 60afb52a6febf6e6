-- wrk script: each token of TOKENS once, in order, from the one after FROM; without TOKENS none.
-- PAUSE: milliseconds between an answer and the next request of a connection.
-- Prints how many requests were made and what was wrong with answers.
local requests, place, bad = {}, 0, 0
local path = os.getenv("TOKENS") or ""

wrk.headers["Host"] = "acme.test"

function init(arguments)
    if path == "" then return end
    for token in io.lines(path) do
        wrk.headers["Authorization"] = "Bearer " .. token
        requests[#requests + 1] = wrk.format("GET", "/api/orders/42")
    end
    place = tonumber(os.getenv("FROM"))
end

local pause = tonumber(os.getenv("PAUSE") or "") or 0
if pause > 0 then
    function delay() return pause end
end

function request()
    if path == "" then return wrk.format("GET", "/raw/orders/42") end
    place = place % #requests + 1
    return requests[place]
end

function done(summary, latency)
    local e = summary.errors
    io.write(string.format("RESULT %d %d\n", summary.requests, e.connect + e.read + e.write + e.status + e.timeout))
end
