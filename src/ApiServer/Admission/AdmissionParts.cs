using MiniKube.ApiServer.Authentication.ServiceAccounts;
using MiniKube.ApiServer.Authorization;
using MiniKube.ApiServer.Metrics;
using MiniKube.ApiServer.Registry;
using MiniKube.ApiServer.WatchCache;

namespace MiniKube.ApiServer.Admission;

/// <summary>Puts the admission plugins together.</summary>
internal static class AdmissionParts
{
    /// <summary>All plugins that are on, in upstream's order: those of its defaults that are not disabled, and those that are enabled beside them.</summary>
    public static AdmissionChain Create(
        ApiServerOptions options,
        ResourceCatalog catalog,
        CacheReads reads,
        TokenObjects tokenObjects,
        IAuthorizer authorizer,
        RbacEscalation escalation,
        AdmissionMetrics metrics,
        TimeProvider clock)
    {
        var lifecycle = new NamespaceLifecycle(catalog.Get("", "v1", "namespaces").Cacher, reads, clock);
        var limits = new LimitRanger(catalog.Get("", "v1", "limitranges").Cacher);
        var priority = new PriorityAdmission(catalog.Get("scheduling.k8s.io", "v1", "priorityclasses").Cacher, reads);
        var accounts = new ServiceAccountAdmission(catalog.Get("", "v1", "serviceaccounts").Cacher, reads, new NameGenerator(Random.Shared), clock);
        List<(string Name, object Plugin)> enabled =
        [
            (NamespaceLifecycle.Name, lifecycle),
            (LimitRanger.Name, limits),
            (ServiceAccountAdmission.Name, accounts),
            (PriorityAdmission.Name, priority),
            (DefaultTolerationSeconds.Name, new DefaultTolerationSeconds()),
            (StorageObjectInUseProtection.Name, new StorageObjectInUseProtection()),
            (DefaultStorageClass.Name, new DefaultStorageClass(catalog.Get("storage.k8s.io", "v1", "storageclasses").Cacher, reads)),
            (RuntimeClassAdmission.Name, new RuntimeClassAdmission(catalog.Get("node.k8s.io", "v1", "runtimeclasses").Cacher, reads)),
            (CertificateSigners.ApprovalName, CertificateSigners.Approval(authorizer)),
            (CertificateSigners.SigningName, CertificateSigners.Signing(authorizer)),
            (CertificateSubjectRestriction.Name, new CertificateSubjectRestriction()),
            (ClaimResize.Name, new ClaimResize(catalog.Get("storage.k8s.io", "v1", "storageclasses").Cacher, reads)),
        ];
        enabled.RemoveAll(plugin => options.DisableAdmissionPlugins.Contains(plugin.Name));
        if (options.EnableAdmissionPlugins.Contains(NodeRestriction.Name))
        {
            enabled.Add((NodeRestriction.Name, new NodeRestriction(tokenObjects)));
        }

        // After all others: it judges what will be stored.
        enabled.Add(("", new CertificateRequestor()));
        enabled.Add(("", new VolumePhaseTime(clock)));
        enabled.Add(("", escalation));
        return new AdmissionChain(Of<IMutatingAdmission>(enabled), Of<IValidatingAdmission>(enabled), metrics, clock);

        static List<(string, T)> Of<T>(List<(string Name, object Plugin)> plugins) =>
            [.. from one in plugins where one.Plugin is T select (one.Name, (T)one.Plugin)];
    }
}
