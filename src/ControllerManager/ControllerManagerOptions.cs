using System.Net;

namespace MiniKube.ControllerManager;

/// <summary>How the controllers work. Names and defaults of the flags are upstream's.</summary>
internal sealed record ControllerManagerOptions
{
    /// <summary>Which controllers run: <c>*</c> is all, <c>name</c> one more, <c>-name</c> one less. Flag: --controllers.</summary>
    public IReadOnlyList<string> Controllers { get; init; } = ["*"];

    /// <summary>Whether each controller acts as a service account of its own, with upstream's role for it. Flag: --use-service-account-credentials.</summary>
    public bool UseServiceAccountCredentials { get; init; }

    /// <summary>PEM file of the authority that pods are told to trust the API server by; null publishes none. Flag: --root-ca-file.</summary>
    public string? RootCaFile { get; init; }

    /// <summary>PEM file of the key that signs tokens kept in Secrets; null makes none. Flag: --service-account-private-key-file.</summary>
    public string? ServiceAccountPrivateKeyFile { get; init; }

    /// <summary>PEM file of the authority that signs what CertificateSigningRequests ask for; null signs nothing. Flag: --cluster-signing-cert-file.</summary>
    public string? ClusterSigningCertFile { get; init; }

    /// <summary>PEM file of its key. Flag: --cluster-signing-key-file.</summary>
    public string? ClusterSigningKeyFile { get; init; }

    /// <summary>How long a certificate lives that asks for no shorter time. Flag: --cluster-signing-duration.</summary>
    public TimeSpan ClusterSigningDuration { get; init; } = TimeSpan.FromHours(8760);

    /// <summary>Whether nodes get the serving certificates they ask for, for their own addresses. Not upstream's. Flag: --approve-kubelet-serving-certificates.</summary>
    public bool ApproveKubeletServingCertificates { get; init; }

    /// <summary>The range that nodes get the addresses of their pods from. Flag: --cluster-cidr.</summary>
    public IPNetwork? ClusterCidr { get; init; }

    /// <summary>The size of a node's part. Flag: --node-cidr-mask-size (24 for IPv4, 64 for IPv6).</summary>
    public int? NodeCidrMaskSize { get; init; }

    /// <summary>Flag: --allocate-node-cidrs.</summary>
    public bool AllocateNodeCidrs { get; init; }

    /// <summary>How often nodes are looked at. Flag: --node-monitor-period.</summary>
    public TimeSpan NodeMonitorPeriod { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>A node that was silent for this long is Unknown. Flag: --node-monitor-grace-period.</summary>
    public TimeSpan NodeMonitorGracePeriod { get; init; } = TimeSpan.FromSeconds(50);

    /// <summary>A node that has never reported gets this long. Flag: --node-startup-grace-period.</summary>
    public TimeSpan NodeStartupGracePeriod { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How many nodes of a zone may be emptied a second once they are not ready. Flag: --node-eviction-rate.</summary>
    public double NodeEvictionRate { get; init; } = 0.1;

    /// <summary>The same for a large zone of which too many nodes are not ready; a small one is left alone then. Flag: --secondary-node-eviction-rate.</summary>
    public double SecondaryNodeEvictionRate { get; init; } = 0.01;

    /// <summary>A zone of more nodes is large. Flag: --large-cluster-size-threshold.</summary>
    public int LargeClusterSizeThreshold { get; init; } = 50;

    /// <summary>Which part of a zone's nodes are too many. Flag: --unhealthy-zone-threshold.</summary>
    public double UnhealthyZoneThreshold { get; init; } = 0.55;

    /// <summary>How often the status of every quota is compared with its spec. Flag: --resource-quota-sync-period.</summary>
    public TimeSpan ResourceQuotaSyncPeriod { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How many pods that have ended are kept; 0 keeps all. Flag: --terminated-pod-gc-threshold.</summary>
    public int TerminatedPodGarbageThreshold { get; init; } = 12500;

    /// <summary>Whether claims of the class's provisioner kubernetes.io/host-path get directories of nodes. Flag: --enable-hostpath-provisioner.</summary>
    public bool EnableHostPathProvisioner { get; init; }

    /// <summary>How often each autoscaler looks. Flag: --horizontal-pod-autoscaler-sync-period.</summary>
    public TimeSpan HorizontalPodAutoscalerSyncPeriod { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>For how long fewer replicas must be recommended, unless an autoscaler says so itself. Flag: --horizontal-pod-autoscaler-downscale-stabilization.</summary>
    public TimeSpan HorizontalPodAutoscalerDownscaleStabilization { get; init; } = TimeSpan.FromMinutes(5);

    public int ConcurrentHorizontalPodAutoscalerSyncs { get; init; } = 5;

    public int ConcurrentReplicationControllerSyncs { get; init; } = 5;

    public int ConcurrentReplicaSetSyncs { get; init; } = 5;

    public int ConcurrentDeploymentSyncs { get; init; } = 5;

    public int ConcurrentDaemonSetSyncs { get; init; } = 2;

    public int ConcurrentStatefulSetSyncs { get; init; } = 5;

    public int ConcurrentJobSyncs { get; init; } = 5;

    public int ConcurrentCronJobSyncs { get; init; } = 5;

    public int ConcurrentTtlAfterFinishedSyncs { get; init; } = 5;

    public int ConcurrentEndpointSyncs { get; init; } = 5;

    public int ConcurrentServiceEndpointSyncs { get; init; } = 5;

    public int MirroringConcurrentServiceEndpointSyncs { get; init; } = 5;

    public int ConcurrentNamespaceSyncs { get; init; } = 10;

    public int ConcurrentGarbageCollectorSyncs { get; init; } = 20;

    /// <summary>Whether a controller runs, as upstream decides: what is named wins over the star, which means those that are on by default.</summary>
    /// <param name="names">The controller's name, and what it was called before.</param>
    /// <param name="byDefault">Whether the star means it.</param>
    public bool IsEnabled(IReadOnlyCollection<string> names, bool byDefault) =>
        names.Any(Controllers.Contains) || (byDefault && !names.Any(name => Controllers.Contains($"-{name}")) && Controllers.Contains("*"));
}
