using System.Text.Json.Nodes;

using k8s.Models;

using MiniKube.ApiServer.Registry;

namespace MiniKube.ApiServer.Resources.Certificates;

internal sealed class PodCertificateRequestStrategy : ResourceStrategy<V1PodCertificateRequest>
{
    public override bool AllowUnconditionalUpdate => false;

    public override IReadOnlyDictionary<string, Func<JsonObject, string>> SelectableFields { get; } =
        Selectable.Fields("spec.signerName", "spec.podName", "spec.nodeName");
}
