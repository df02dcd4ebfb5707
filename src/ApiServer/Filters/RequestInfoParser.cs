using MiniKube.Api.Errors;
using MiniKube.Api.Selectors;

namespace MiniKube.ApiServer.Filters;

/// <summary>Reads <see cref="RequestInfo"/> from a request. Every form of a path that upstream knows, the deprecated <c>/watch/</c> prefix included.</summary>
internal static class RequestInfoParser
{
    public static RequestInfo Parse(HttpRequest request)
    {
        var path = request.Path.Value ?? "/";
        var method = request.Method;
        var segments = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        var prefix = segments switch
        {
            ["api", _, _, ..] => 1,
            ["apis", _, _, _, ..] => 2,
            _ => 0,
        };
        if (prefix == 0)
        {
            return new RequestInfo { Path = path, Verb = method.ToLowerInvariant() };
        }

        var info = new RequestInfo
        {
            Path = path,
            IsResourceRequest = true,
            Verb = VerbOf(method),
            Group = prefix == 2 ? segments[1] : "",
            Version = segments[prefix],
        };
        return OfResource(info, segments.AsSpan(prefix + 1), request.Query);
    }

    private static RequestInfo OfResource(RequestInfo info, ReadOnlySpan<string> parts, IQueryCollection query)
    {
        if (parts is ["watch", _, ..])
        {
            info = info with { Verb = "watch" };
            parts = parts[1..];
        }

        // /namespaces/x/pods is in a namespace; /namespaces/x, /namespaces/x/status and /namespaces/x/finalize are the namespace itself.
        if (parts is ["namespaces", var ns, ..])
        {
            info = info with { Namespace = ns };
            parts = parts is [_, _, not ("status" or "finalize"), ..] ? parts[2..] : parts;
        }

        info = info with
        {
            Resource = parts[0],
            Name = parts.Length > 1 ? parts[1] : "",
            Subresource = parts.Length > 2 ? parts[2] : "",
            Rest = parts.Length > 3 ? string.Join('/', parts[3..]!) : "",
        };
        return info.Name.Length == 0
            ? info with { Verb = CollectionVerb(info.Verb, query), FieldSelector = SelectorOf(query) }
            : WatchOfOne(info, query);
    }

    private static FieldSelector SelectorOf(IQueryCollection query)
    {
        try
        {
            return FieldSelector.Parse(query["fieldSelector"]);
        }
        catch (StatusException)
        {
            // Refused by the endpoint, in words, once it is known that the user may ask at all.
            return FieldSelector.Everything;
        }
    }

    private static string VerbOf(string method) => method switch
    {
        "GET" or "HEAD" => "get",
        "POST" => "create",
        "PUT" => "update",
        "PATCH" => "patch",
        "DELETE" => "delete",
        _ => "",
    };

    private static string CollectionVerb(string verb, IQueryCollection query) => verb switch
    {
        "get" => QueryBoolean.Read(query, "watch") ? "watch" : "list",
        "delete" => "deletecollection",
        _ => verb,
    };

    // GET of one object with ?watch=true is a watch of that object, as upstream's is.
    private static RequestInfo WatchOfOne(RequestInfo info, IQueryCollection query) =>
        info.Verb == "get" && info.Subresource.Length == 0 && QueryBoolean.Read(query, "watch") ? info with { Verb = "watch" } : info;
}
