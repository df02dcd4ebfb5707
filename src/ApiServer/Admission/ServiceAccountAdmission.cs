using System.Text.Json.Nodes;

using MiniKube.Api.Errors;
using MiniKube.Api.Meta;
using MiniKube.Api.Serialization;
using MiniKube.ApiServer.Authorization.Nodes;
using MiniKube.ApiServer.Registry;
using MiniKube.ApiServer.WatchCache;

namespace MiniKube.ApiServer.Admission;

/// <summary>
/// Every pod runs as a service account of its namespace: <c>default</c> if it names none, and one that does not exist is refused. Its containers get a token of the
/// account, the API server's authority and the name of the namespace in files, unless pod or account say that they want none.
/// </summary>
internal sealed class ServiceAccountAdmission(Cacher serviceAccounts, CacheReads reads, NameGenerator names, TimeProvider clock) : IMutatingAdmission
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
        if (attributes is not { Operation: AdmissionOperation.Create, Object: { } pod, Request.Subresource: "" } || request.Resource.Kind != Pod)
        {
            return;
        }

        if (pod.At("metadata", "annotations", MirrorAnnotation) is not null)
        {
            // Made by a kubelet of what it runs already: changed, it would not be what runs.
            CheckMirror(request, pod);
            return;
        }

        var spec = pod.GetOrAddObject("spec");
        var name = spec.StringAt("serviceAccountName") is { Length: > 0 } given ? given : Default;
        spec["serviceAccountName"] = name;
        spec["serviceAccount"] = name;
        var found = await FindAsync(request.Namespace, name, cancellationToken) ?? throw StatusException.Forbidden(
            request.Resource.Name,
            request.Name,
            $"error looking up service account {request.Namespace}/{name}: serviceaccount {GoText.Quote(name)} not found");
        var account = ObjectCodec.Parse(found.Json.Span);
        if (spec.BooleanAt("automountServiceAccountToken") ?? account.BooleanAt("automountServiceAccountToken") ?? true)
        {
            ServiceAccountVolume.Mount(spec, names);
        }

        if (spec["imagePullSecrets"] is not JsonArray { Count: > 0 } && account["imagePullSecrets"] is JsonArray { Count: > 0 } secrets)
        {
            spec["imagePullSecrets"] = secrets.DeepClone();
        }
    }

    private static void CheckMirror(WriteRequest request, JsonObject pod)
    {
        void Refuse(bool isWrong, string why)
        {
            if (isWrong)
            {
                throw StatusException.Forbidden(request.Resource.Name, request.Name, why);
            }
        }

        Refuse(!string.IsNullOrEmpty(pod.StringAt("spec", "serviceAccountName")), "a mirror pod may not reference service accounts");
        Refuse(PodReferences.Of(pod, isMirror: false).Secrets.Count > 0, "a mirror pod may not reference secrets");
        var sources = pod.ObjectsAt("spec", "volumes").SelectMany(volume => volume.ObjectsAt("projected", "sources"));
        Refuse(sources.Any(source => source["serviceAccountToken"] is not null), "a mirror pod may not use ServiceAccountToken volume projections");
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
