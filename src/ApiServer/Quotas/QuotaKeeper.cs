using System.Text.Json.Nodes;

using MiniKube.Api.Errors;
using MiniKube.Api.Meta;
using MiniKube.Api.Quantities;
using MiniKube.Api.Serialization;
using MiniKube.ApiServer.Registry;
using MiniKube.ApiServer.WatchCache;
using MiniKube.Storage;

namespace MiniKube.ApiServer.Quotas;

/// <summary>
/// Keeps the ResourceQuotas of namespaces: what a write takes, or gives back, is counted in the transaction that makes it, so that a quota is never exceeded and
/// never drifts, whichever server dies when. A new quota, or one that changes its limits, is counted from what is there.
/// </summary>
internal sealed class QuotaKeeper(ResourceCatalog catalog, CacheReads reads)
{
    public const string Name = "ResourceQuota";

    private static readonly GroupVersionKind Kind = new("", "v1", "ResourceQuota");

    /// <summary>What a write must hold and change besides what is known already. Throws Forbidden when it would exceed a quota.</summary>
    public async ValueTask<WriteParts> CountAsync(
        WriteRequest request, JsonObject? obj, JsonObject? old, WriteParts parts, int attempt, CancellationToken cancellationToken)
    {
        if (!request.Strategy.NamespaceScoped || request.Resource.Name is { Resource: "events" })
        {
            return parts;
        }

        if (request.Resource.Kind == Kind && obj is not null && MustBeCounted(request.Subresource, obj, old))
        {
            await CountAllAsync(obj, request.Namespace, cancellationToken);
        }

        if (attempt > 0)
        {
            // Another write was counted first.
            await reads.WaitForNewestAsync(cancellationToken);
        }

        try
        {
            return CountIn(request, obj, old, parts);
        }
        catch (StatusException) when (attempt == 0)
        {
            // What was refused by a state of the cache is refused only if that is the newest.
            await reads.WaitForNewestAsync(cancellationToken);
            return CountIn(request, obj, old, parts);
        }
    }

    /// <summary>A new spec is counted, and so is a status that comes back to the spec: somebody has found that it does not say the same.</summary>
    private static bool MustBeCounted(string subresource, JsonObject quota, JsonObject? old) => subresource switch
    {
        "" => !JsonNode.DeepEquals(quota["spec"], old.At("spec")),
        "status" => JsonNode.DeepEquals(quota.At("status", "hard"), quota.At("spec", "hard"))
            && !JsonNode.DeepEquals(quota.At("status", "hard"), old.At("status", "hard")),
        _ => false,
    };

    private WriteParts CountIn(WriteRequest request, JsonObject? obj, JsonObject? old, WriteParts parts)
    {
        var quotas = catalog.Get("", "v1", "resourcequotas");
        quotas.Cacher.Snapshot.Objects.VisitPrefix(request.Namespace + "/", "", quota =>
        {
            parts = Count(request, obj, old, parts, quotas, quota);
            return true;
        });
        return parts;
    }

    private static WriteParts Count(WriteRequest request, JsonObject? obj, JsonObject? old, WriteParts parts, ServedResource quotas, CachedObject cached)
    {
        var resource = request.Resource.Name;
        if (request.Resource.Kind == Kind && cached.Name == request.Name)
        {
            // It cannot be counted in itself: that is one object and one write.
            return parts;
        }

        var quota = ObjectCodec.Parse(cached.Json.Span);
        if (obj is not null && old is null && QuotaChange.Lacks(quota, resource, obj) is { } lack)
        {
            throw StatusException.Forbidden(resource, request.Name, lack);
        }

        var change = QuotaChange.Of(quota, resource, obj, old);
        if (QuotaChange.Exceeds(quota, change) is { } why)
        {
            throw StatusException.Forbidden(resource, request.Name, why);
        }

        if (change.Count == 0)
        {
            return parts;
        }

        QuotaChange.Apply(quota, change);
        var key = quotas.StoreKey(request.Namespace, cached.Name);
        return parts with
        {
            Compares = [.. parts.Compares, new Compare(key, cached.Revision)],
            Operations = [.. parts.Operations, Operation.Put(key, quotas.Codec.ToStored(quota))],
        };
    }

    private async ValueTask CountAllAsync(JsonObject quota, string @namespace, CancellationToken cancellationToken)
    {
        await reads.WaitForNewestAsync(cancellationToken);
        var status = quota.GetOrAddObject("status");
        var hard = quota.ObjectAt("spec", "hard") ?? [];
        status["hard"] = hard.DeepClone();
        var sums = hard.ToDictionary(entry => entry.Key, _ => Quantity.Zero);
        foreach (var resource in catalog.Current.All.Where(resource => resource.Strategy.NamespaceScoped && IsCounted(resource.Name, sums.Keys)))
        {
            resource.Cacher.Snapshot.Objects.VisitPrefix(@namespace + "/", "", found =>
            {
                foreach (var (name, amount) in QuotaChange.Usage(quota, resource.Name, ObjectCodec.Parse(found.Json.Span)))
                {
                    if (sums.TryGetValue(name, out var sum))
                    {
                        sums[name] = sum + amount;
                    }
                }

                return true;
            });
        }

        status["used"] = new JsonObject(sums.Select(sum => KeyValuePair.Create<string, JsonNode?>(sum.Key, sum.Value.ToString())));
    }

    private static bool IsCounted(GroupVersionResource resource, IEnumerable<string> names) => names.Any(name => name == "count/" + resource.GroupResource
        || (resource.Group.Length == 0 && (resource.Resource switch
        {
            "pods" => !name.StartsWith("count/", StringComparison.Ordinal),
            "persistentvolumeclaims" => name == resource.Resource || name.EndsWith("requests.storage", StringComparison.Ordinal)
                || name.EndsWith("/persistentvolumeclaims", StringComparison.Ordinal),
            _ => name == resource.Resource || name.StartsWith(resource.Resource + ".", StringComparison.Ordinal),
        })));
}
