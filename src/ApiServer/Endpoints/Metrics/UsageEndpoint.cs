using System.Text.Json.Nodes;

using MiniKube.Api.Errors;
using MiniKube.Api.Serialization;
using MiniKube.ApiServer.Endpoints.Negotiation;
using MiniKube.ApiServer.Filters;
using MiniKube.ApiServer.Registry;
using MiniKube.ApiServer.WatchCache;

namespace MiniKube.ApiServer.Endpoints.Metrics;

/// <summary>
/// Reads of metrics.k8s.io: selectors choose among the nodes or pods themselves, and what there are no figures of is left out, as metrics-server does. Neither
/// limit nor resourceVersion means anything here.
/// </summary>
/// <param name="parts">What both kinds need.</param>
/// <param name="measured">The nodes or the pods.</param>
internal abstract class UsageEndpoint(UsageParts parts, ServedResource measured) : IEndpoint
{
    public async Task HandleAsync(ApiRequest request, ServedResource resource)
    {
        await parts.Reads.WaitForAnyAsync(request.Cancellation);
        switch (request.Info.Verb)
        {
            case "list":
                await ListAsync(request, resource);
                break;
            case "get":
                await GetAsync(request, resource);
                break;
            default:
                throw StatusException.MethodNotAllowed();
        }
    }

    /// <summary>The node whose kubelet measures the object; null when nobody does.</summary>
    protected abstract string? NodeOf(CachedObject obj);

    /// <summary>Everything but the metadata: timestamp, window and what is used. Null when the kubelet says nothing of the object.</summary>
    protected abstract JsonObject? Figures(CachedObject obj, NodeSummary summary);

    /// <summary>When it was measured, and over which time.</summary>
    protected static JsonObject Moment(DateTimeOffset time, TimeSpan window) =>
        new() { ["timestamp"] = Timestamps.FormatTime(time), ["window"] = GoDuration.Format(window) };

    private async Task ListAsync(ApiRequest request, ServedResource resource)
    {
        var accept = AcceptHeader.ChooseObject(request.Http.Request.Headers.Accept, resource.Kind);
        var query = ReadQuery.Parse(request, resource, isWatch: false);
        var found = new List<CachedObject>();
        measured.Cacher.Snapshot.Visit(query.Filter, "", obj =>
        {
            found.Add(obj);
            return true;
        });
        await parts.List.WriteAsync(request, resource, accept, new ObjectPage(await MeasureAsync(found, resource, request.Cancellation), new ListMetadata(0)));
    }

    private async Task GetAsync(ApiRequest request, ServedResource resource)
    {
        var (name, key) = (request.Info.Name, measured.CacheKey(request.Info.Namespace, request.Info.Name));
        var found = measured.Cacher.Snapshot.Objects.Find(key) ?? throw StatusException.NotFound(measured.Name, name);
        var figures = await MeasureAsync([found], resource, request.Cancellation);
        await parts.Answer.WriteAsync(request, resource, 200, figures is [var only] ? only : throw StatusException.NotFound(resource.Name, key));
    }

    private async Task<List<CachedObject>> MeasureAsync(List<CachedObject> objects, ServedResource resource, CancellationToken cancellationToken)
    {
        var summaries = await parts.Stats.ReadAsync(objects.Select(NodeOf).OfType<string>(), cancellationToken);
        var now = Timestamps.FormatTime(parts.Clock.GetUtcNow());
        return
        [
            .. from obj in objects
               let figures = NodeOf(obj) is { } node && summaries.TryGetValue(node, out var summary) ? Figures(obj, summary) : null
               where figures is not null
               select Complete(obj, figures, resource, now),
        ];
    }

    private static CachedObject Complete(CachedObject obj, JsonObject figures, ServedResource resource, string now)
    {
        var metadata = new JsonObject { ["name"] = obj.Name, ["creationTimestamp"] = now };
        if (obj.Namespace.Length > 0)
        {
            metadata["namespace"] = obj.Namespace;
        }

        if (obj.Labels.Count > 0)
        {
            metadata["labels"] = new JsonObject(obj.Labels.Select(label => KeyValuePair.Create(label.Key, (JsonNode?)label.Value)));
        }

        figures["kind"] = resource.Kind.Kind;
        figures["apiVersion"] = resource.Kind.ApiVersion;
        figures["metadata"] = metadata;
        return resource.Cacher.ReadServed(JsonCodec.Write(figures, resource.Strategy.Type));
    }
}
