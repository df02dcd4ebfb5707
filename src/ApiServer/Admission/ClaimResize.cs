using System.Text.Json.Nodes;

using MiniKube.Api.Errors;
using MiniKube.Api.Meta;
using MiniKube.Api.Quantities;
using MiniKube.Api.Serialization;
using MiniKube.ApiServer.Registry;
using MiniKube.ApiServer.Resources;
using MiniKube.ApiServer.WatchCache;

namespace MiniKube.ApiServer.Admission;

/// <summary>A claim may ask for more than it was given only when it is bound, and its class says that its volumes can grow.</summary>
internal sealed class ClaimResize(Cacher classes, CacheReads reads) : IValidatingAdmission
{
    public const string Name = "PersistentVolumeClaimResize";

    private const string ClassAnnotation = "volume.beta.kubernetes.io/storage-class";

    private static readonly GroupVersionKind Claim = new("", "v1", "PersistentVolumeClaim");

    public async ValueTask ValidateAsync(AdmissionAttributes attributes, CancellationToken cancellationToken)
    {
        if (attributes is not { Operation: AdmissionOperation.Update, Object: { } claim, Old: { } old, Request.Subresource: "" }
            || attributes.Request.Resource.Kind != Claim
            || Size(claim) <= Size(old))
        {
            return;
        }

        if (old.StringAt("status", "phase") != "Bound")
        {
            throw Refused(attributes, "Only bound persistent volume claims can be expanded");
        }

        if (ClassOf(claim) is not { Length: > 0 } name || name != ClassOf(old) || !await CanGrowAsync(name, cancellationToken))
        {
            throw Refused(attributes, "only dynamically provisioned pvc can be resized and the storageclass that provisions the pvc must support resize");
        }
    }

    private static Quantity Size(JsonObject claim) =>
        Quantity.TryParse(FieldPath.Text(claim.At("spec", "resources", "requests", "storage")), out var size) ? size : Quantity.Zero;

    private static string? ClassOf(JsonObject claim) => claim.StringAt("metadata", "annotations", ClassAnnotation) ?? claim.StringAt("spec", "storageClassName");

    // Claims seldom grow: the newest state is worth a read.
    private async ValueTask<bool> CanGrowAsync(string name, CancellationToken cancellationToken)
    {
        await reads.WaitForNewestAsync(cancellationToken);
        return classes.Snapshot.Objects.Find(name) is { } found && ObjectCodec.Parse(found.Json.Span).BooleanAt("allowVolumeExpansion") == true;
    }

    private static StatusException Refused(AdmissionAttributes attributes, string why) =>
        StatusException.Forbidden(attributes.Request.Resource.Name, attributes.Request.Name, why);
}
