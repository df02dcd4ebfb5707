using MiniKube.ApiServer.Filters;

namespace MiniKube.ApiServer.Metrics;

/// <summary>What a request did and to how much, in the words of upstream's labels (endpoints/metrics).</summary>
internal static class RequestVerb
{
    private const string Other = "other";

    public static string Of(RequestInfo info, HttpRequest request) => info switch
    {
        { Verb: "watch" } => "WATCH",
        { Subresource: "log" or "exec" or "attach" or "portforward" or "proxy" } => "CONNECT",
        _ => request.Method switch
        {
            "GET" or "HEAD" => ScopeOf(info) is "resource" or "" ? "GET" : "LIST",
            "PATCH" => request.ContentType == "application/apply-patch+yaml" ? "APPLY" : "PATCH",
            "POST" => "POST",
            "PUT" => "PUT",
            "DELETE" => "DELETE",
            _ => Other,
        },
    };

    /// <summary>resource for one object, namespace, cluster, or empty for what is no resource.</summary>
    public static string ScopeOf(RequestInfo info) => info switch
    {
        { Name.Length: > 0 } or { Verb: "create" } => "resource",
        { Namespace.Length: > 0 } => "namespace",
        { IsResourceRequest: true } => "cluster",
        _ => "",
    };

    public static string DryRunOf(IQueryCollection query) => query.TryGetValue("dryRun", out var values) && values.Count > 0
        ? values.All(value => value == "All") ? "All" : "invalid"
        : "";
}
