using MiniKube.Api.Meta;
using MiniKube.Api.Serialization;
using MiniKube.ApiServer.Registry;
using MiniKube.ApiServer.WatchCache;

namespace MiniKube.ApiServer.Admission;

/// <summary>Gives a claim that names no class the default one, if there is one; of several the newest, of one second the first by name.</summary>
internal sealed class DefaultStorageClass(Cacher classes, CacheReads reads) : IMutatingAdmission
{
    public const string Name = "DefaultStorageClass";

    private static readonly GroupVersionKind Claim = new("", "v1", "PersistentVolumeClaim");

    private static readonly string[] DefaultAnnotations =
        ["storageclass.kubernetes.io/is-default-class", "storageclass.beta.kubernetes.io/is-default-class"];

    public async ValueTask MutateAsync(AdmissionAttributes attributes, CancellationToken cancellationToken)
    {
        // An empty name is a choice, too: it wants no class.
        if (attributes is not { Operation: AdmissionOperation.Create, Object: { } claim, Request.Subresource: "" }
            || attributes.Request.Resource.Kind != Claim
            || claim.At("spec", "storageClassName") is not null
            || claim.At("metadata", "annotations", "volume.beta.kubernetes.io/storage-class") is not null)
        {
            return;
        }

        // Claims are few: the newest state is worth a read.
        await reads.WaitForNewestAsync(cancellationToken);
        if (FindDefault() is { } name)
        {
            claim.GetOrAddObject("spec")["storageClassName"] = name;
        }
    }

    private string? FindDefault()
    {
        var found = new List<(string Created, string Name)>();
        classes.Snapshot.Objects.VisitPrefix("", "", stored =>
        {
            var parsed = ObjectCodec.Parse(stored.Json.Span);
            var annotations = parsed.ObjectAt("metadata", "annotations");
            if (DefaultAnnotations.Any(annotation => annotations.StringAt(annotation) == "true"))
            {
                found.Add((parsed.StringAt("metadata", "creationTimestamp") ?? "", parsed.StringAt("metadata", "name") ?? ""));
            }

            return true;
        });
        return found
            .OrderByDescending(entry => entry.Created, StringComparer.Ordinal)
            .ThenBy(entry => entry.Name, StringComparer.Ordinal)
            .Select(entry => entry.Name)
            .FirstOrDefault();
    }
}
