using k8s.Models;

using MiniKube.Api.Errors;
using MiniKube.Api.Meta;
using MiniKube.Client;
using MiniKube.Client.Controllers;
using MiniKube.Client.Informers;
using MiniKube.ControllerManager.Pods;

namespace MiniKube.ControllerManager.Tokens;

/// <summary>Keeps in every namespace the ConfigMap kube-root-ca.crt, from which pods know the API server's authority.</summary>
internal sealed class RootCaPublisher(
    IObjectClient client, ILister<V1Namespace> namespaces, ILister<V1ConfigMap> maps, ControllerManagerOptions options) : IController
{
    private const string MapName = "kube-root-ca.crt";
    private const string Key = "ca.crt";
    private const string DescriptionAnnotation = "kubernetes.io/description";
    private const string Description =
        "Contains a CA bundle that can be used to verify the kube-apiserver when using internal endpoints such as the internal service IP or kubernetes.default.svc. "
        + "No other usage is guaranteed across distributions of Kubernetes clusters.";

    private readonly string? _authority = options.RootCaFile is { } file ? File.ReadAllText(file) : null;

    public string Name => "root-ca-certificate-publisher-controller";

    public void Configure(ControllerBuilder controller) => controller
        .For<V1Namespace>()
        .Watches<V1ConfigMap>(change => (change.New ?? change.Old) is { Metadata.Name: MapName } map ? [new NamespacedName("", map.Key().Namespace)] : []);

    public async Task<ReconcileResult> ReconcileAsync(NamespacedName key, CancellationToken cancellationToken)
    {
        if (_authority is null || !namespaces.TryGet(key, out var found) || found.Status?.Phase == "Terminating")
        {
            return ReconcileResult.Done;
        }

        try
        {
            if (!maps.TryGet(new NamespacedName(key.Name, MapName), out var map))
            {
                await client.CreateAsync(Make(key.Name), cancellationToken);
            }
            else if (!IsRight(map))
            {
                await client.UpdateAsync(Make(key.Name) with { Metadata = map.Metadata with { Annotations = Annotated(map.Metadata.Annotations) } }, cancellationToken);
            }
        }
        catch (StatusException exception) when (exception.Reason == "AlreadyExists" || PodControl.IsNamespaceTerminating(exception))
        {
            // There already, or not wanted any more.
        }

        return ReconcileResult.Done;
    }

    private bool IsRight(V1ConfigMap map) =>
        map.Data is { Count: 1 } data && data.TryGetValue(Key, out var authority) && authority == _authority
        && map.BinaryData is not { Count: > 0 }
        && map.Metadata.Annotations?.TryGetValue(DescriptionAnnotation, out var text) == true && text == Description;

    private V1ConfigMap Make(string @namespace) => new()
    {
        ApiVersion = "v1",
        Kind = "ConfigMap",
        Metadata = new V1ObjectMeta { NamespaceProperty = @namespace, Name = MapName, Annotations = Annotated(null) },
        Data = new Dictionary<string, string> { [Key] = _authority ?? "" },
    };

    private static Dictionary<string, string> Annotated(IDictionary<string, string>? annotations) =>
        new(annotations ?? new Dictionary<string, string>()) { [DescriptionAnnotation] = Description };
}
