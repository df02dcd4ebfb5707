using System.Text.Json.Nodes;

using MiniKube.Api.Errors;
using MiniKube.Api.Meta;
using MiniKube.Api.Serialization;
using MiniKube.ApiServer.WatchCache;

namespace MiniKube.ApiServer.Admission;

/// <summary>Every pod runs as a service account of its namespace: <c>default</c> if it names none. One that does not exist is refused.</summary>
internal sealed class ServiceAccountAdmission(Cacher serviceAccounts, CacheReads reads, TimeProvider clock) : IMutatingAdmission
{
    public const string Name = "ServiceAccount";
    private const string Default = "default";
    private const string MirrorAnnotation = "kubernetes.io/config.mirror";
    private const int Attempts = 10;

    private static readonly GroupVersionKind Pod = new("", "v1", "Pod");
    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(100);

    public async ValueTask MutateAsync(AdmissionAttributes attributes, CancellationToken cancellationToken)
    {
        var request = attributes.Request;
        if (attributes is not { Operation: AdmissionOperation.Create, Object: { } pod, Request.Subresource: "" }
            || request.Resource.Kind != Pod || pod.At("metadata", "annotations", MirrorAnnotation) is not null)
        {
            return;
        }

        var spec = pod.GetOrAddObject("spec");
        var name = spec.StringAt("serviceAccountName") is { Length: > 0 } given ? given : Default;
        spec["serviceAccountName"] = name;
        spec["serviceAccount"] = name;
        var account = await FindAsync(request.Namespace, name, cancellationToken) ?? throw StatusException.Forbidden(
            request.Resource.Name,
            request.Name,
            $"error looking up service account {request.Namespace}/{name}: serviceaccount {GoText.Quote(name)} not found");
        if (spec["imagePullSecrets"] is not JsonArray { Count: > 0 }
            && Registry.ObjectCodec.Parse(account.Json.Span)["imagePullSecrets"] is JsonArray { Count: > 0 } secrets)
        {
            spec["imagePullSecrets"] = secrets.DeepClone();
        }
    }

    /// <summary>The default account of a new namespace is made by a controller: wait a moment for it, as upstream does.</summary>
    private async ValueTask<CachedObject?> FindAsync(string @namespace, string name, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            if (serviceAccounts.Snapshot.Objects.Find($"{@namespace}/{name}") is { } account)
            {
                return account;
            }

            if (attempt == (name == Default ? Attempts : 2))
            {
                return null;
            }

            await reads.WaitForNewestAsync(cancellationToken);
            await Task.Delay(attempt == 1 ? TimeSpan.Zero : RetryDelay, clock, cancellationToken);
        }
    }
}
