using MiniKube.Api.Certificates;

namespace MiniKube.ControllerManager.Certificates;

/// <summary>The signers that are built in, and what each accepts. Words and rules are upstream's.</summary>
internal static class Signers
{
    public const string ApiServerClient = "kubernetes.io/kube-apiserver-client";
    public const string KubeletClient = "kubernetes.io/kube-apiserver-client-kubelet";
    public const string KubeletServing = "kubernetes.io/kubelet-serving";
    public const string LegacyUnknown = "kubernetes.io/legacy-unknown";

    private const string NodesGroup = "system:nodes";
    private const string NodePrefix = "system:node:";
    private const string ClientAuth = "client auth";
    private const string ServerAuth = "server auth";
    private const string DigitalSignature = "digital signature";
    private const string KeyEncipherment = "key encipherment";

    public static bool IsBuiltIn(string? signer) => signer is ApiServerClient or KubeletClient or KubeletServing or LegacyUnknown;

    /// <summary>Why the signer refuses what is asked for; null when it does not.</summary>
    public static string? FaultOf(string signer, SigningRequest request, IEnumerable<string> usages) => signer switch
    {
        KubeletClient => KubeletClientFault(request, usages),
        KubeletServing => KubeletServingFault(request, usages),
        ApiServerClient => ClientFault(usages),
        _ => null,
    };

    public static string? KubeletClientFault(SigningRequest request, IEnumerable<string> usages) =>
        request.Organizations is not [NodesGroup] ? "subject organization is not system:nodes"
        : request.Names.Dns.Count > 0 ? "DNS subjectAltNames are not allowed"
        : request.Names.Emails > 0 ? "Email subjectAltNames are not allowed"
        : request.Names.Addresses.Count > 0 ? "IP subjectAltNames are not allowed"
        : request.Names.Uris > 0 ? "URI subjectAltNames are not allowed"
        : !request.CommonName.StartsWith(NodePrefix, StringComparison.Ordinal) ? "subject common name does not begin with system:node: "
        : UsageFault(usages, ClientAuth);

    public static string? KubeletServingFault(SigningRequest request, IEnumerable<string> usages) =>
        request.Organizations is not [NodesGroup] ? "subject organization is not system:nodes"
        : request.Names.Dns.Count + request.Names.Addresses.Count == 0 ? "DNS or IP subjectAltName is required"
        : request.Names.Emails > 0 ? "Email subjectAltNames are not allowed"
        : request.Names.Uris > 0 ? "URI subjectAltNames are not allowed"
        : UsageFault(usages, ServerAuth)
        ?? (request.CommonName.StartsWith(NodePrefix, StringComparison.Ordinal) ? null : "subject common name does not begin with system:node: ");

    // An elliptic key cannot encipher, so that it need not be allowed to.
    private static string? UsageFault(IEnumerable<string> usages, string purpose)
    {
        var asked = usages.ToHashSet(StringComparer.Ordinal);
        string[] required = [purpose, DigitalSignature, KeyEncipherment];
        return asked.SetEquals(required) || asked.SetEquals(required.Except([KeyEncipherment]))
            ? null
            : $"usages did not match [{string.Join(' ', required.Order(StringComparer.Ordinal))}]";
    }

    private static string? ClientFault(IEnumerable<string> usages)
    {
        var asked = usages.ToList();
        return asked.FirstOrDefault(usage => usage is not (DigitalSignature or KeyEncipherment or ClientAuth)) is { } other
            ? $"invalid usage for client certificate: {other}"
            : asked.Contains(ClientAuth) ? null : $"missing required usage for client certificate: {ClientAuth}";
    }
}
