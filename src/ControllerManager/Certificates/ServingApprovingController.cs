using System.Net;

using k8s.Models;

using MiniKube.Api.Certificates;
using MiniKube.Api.Meta;
using MiniKube.Client;
using MiniKube.Client.Controllers;
using MiniKube.Client.Informers;

namespace MiniKube.ControllerManager.Certificates;

/// <summary>
/// Approves kubelets' requests for serving certificates, which upstream leaves to people: only with <c>--approve-kubelet-serving-certificates</c>, which <c>mk</c> sets for its
/// own clusters. A node gets what it asks for itself, and only for names and addresses that its Node has. It needs more rights than upstream's role of the certificate
/// controllers has: manifests/joining gives them.
/// </summary>
internal sealed partial class ServingApprovingController(
    IObjectClient client,
    ILister<V1CertificateSigningRequest> requests,
    ILister<V1Node> nodes,
    ControllerManagerOptions options,
    TimeProvider clock,
    ILogger<ServingApprovingController> logger) : IController
{
    private const string NodePrefix = "system:node:";

    public string Name => "kubelet-serving-certificate-approving-controller";

    public void Configure(ControllerBuilder controller)
    {
        if (options.ApproveKubeletServingCertificates)
        {
            controller.For<V1CertificateSigningRequest>().Watches<V1Node>(change => change.New is { } node ? PendingOf(node.Metadata.Name) : []);
        }
    }

    public async Task<ReconcileResult> ReconcileAsync(NamespacedName key, CancellationToken cancellationToken)
    {
        if (!requests.TryGet(key, out var csr) || !IsPending(csr))
        {
            return ReconcileResult.Done;
        }

        var request = csr.Parse();
        if (WhyNot(csr, request) is { } reason)
        {
            Log.NotApproved(logger, key.Name, csr.Spec.Username, reason);
            return ReconcileResult.Done;
        }

        var approved = csr.With(RequestConditions.Approved, "AutoApproved", "Auto approving kubelet serving certificate: its names and addresses are the node's own.", clock);
        await client.UpdateSubresourceAsync(approved, "approval", cancellationToken);
        return ReconcileResult.Done;
    }

    private static bool IsPending(V1CertificateSigningRequest csr) =>
        csr.Spec.SignerName == Signers.KubeletServing && !csr.IsIssued() && !csr.Has(RequestConditions.Approved) && !csr.Has(RequestConditions.Denied);

    // A node that asks before it has said where it is gets its certificate as soon as it has.
    private IEnumerable<NamespacedName> PendingOf(string node) =>
        requests.List().Where(csr => IsPending(csr) && csr.Spec.Username == NodePrefix + node).Select(csr => csr.Key());

    private string? WhyNot(V1CertificateSigningRequest csr, SigningRequest request)
    {
        if (Signers.KubeletServingFault(request, csr.Spec.Usages) is { } fault)
        {
            return fault;
        }

        if (request.CommonName != csr.Spec.Username || csr.Spec.Groups?.Contains("system:nodes") != true)
        {
            return "only a node itself may have its serving certificate";
        }

        var name = request.CommonName[NodePrefix.Length..];
        var known = nodes.TryGet(new NamespacedName("", name), out var node) ? node.Status?.Addresses?.Select(address => address.Address).ToHashSet() ?? [] : [];
        var other = request.Names.Dns.Concat(request.Names.Addresses.Select(bytes => new IPAddress(bytes).ToString())).FirstOrDefault(asked => !known.Contains(asked));
        return other is null ? null : $"{other} is not among the addresses of node {name}";
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "Did not approve the kubelet serving request {Name} of {User}: {Reason}")]
        public static partial void NotApproved(ILogger logger, string name, string user, string reason);
    }
}
