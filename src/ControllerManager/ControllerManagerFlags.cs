using System.CommandLine;
using System.Net;

using MiniKube.Api.Addresses;
using MiniKube.Client.LeaderElection;
using MiniKube.Hosting;

namespace MiniKube.ControllerManager;

/// <summary>The flags, named and defaulted as kube-controller-manager's.</summary>
internal sealed class ControllerManagerFlags
{
    private static readonly ControllerManagerOptions Defaults = new();

    private readonly Option<string?> _kubeconfig = new("--kubeconfig") { Description = "Path to kubeconfig file with authorization and master location information." };

    private readonly Option<string[]> _controllers = new("--controllers")
    {
        Description = "A list of controllers to enable: '*' enables all, 'foo' enables the controller foo, '-foo' disables it.",
        DefaultValueFactory = _ => ["*"],
        CustomParser = result => [.. result.Tokens.SelectMany(token => token.Value.Split(',', StringSplitOptions.RemoveEmptyEntries))],
        AllowMultipleArgumentsPerToken = false,
    };

    private readonly Option<bool> _useServiceAccounts = new("--use-service-account-credentials") { Description = "Whether each controller acts as a service account of its own." };

    private readonly Option<string?> _rootCa = new("--root-ca-file") { Description = "File with the authority that pods trust the API server by (PEM)." };

    private readonly Option<string?> _privateKey = new("--service-account-private-key-file") { Description = "File with the key that signs tokens kept in Secrets (PEM)." };

    private readonly Option<string?> _signingCertificate = new("--cluster-signing-cert-file") { Description = "File with the authority that issues certificates of the cluster (PEM). Needs --cluster-signing-key-file." };

    private readonly Option<string?> _signingKey = new("--cluster-signing-key-file") { Description = "File with its private key (PEM). Needs --cluster-signing-cert-file." };

    private readonly Option<TimeSpan> _signingDuration =
        GoDuration.Option("--cluster-signing-duration", Defaults.ClusterSigningDuration, "How long issued certificates live. Requests may ask for less.");

    private readonly Option<bool> _approveServing = new("--approve-kubelet-serving-certificates") { Description = "Whether nodes get the serving certificates they ask for, for their own names and addresses. Not a flag of upstream's." };

    private readonly Option<IPNetwork?> _clusterCidr = new("--cluster-cidr")
    {
        Description = "CIDR range for pods in the cluster. Only used with --allocate-node-cidrs=true.",
        CustomParser = result =>
        {
            if (RangeText.TryParse(result.Tokens[0].Value, out _, out var network))
            {
                return network;
            }

            result.AddError($"invalid argument \"{result.Tokens[0].Value}\" for \"--cluster-cidr\" flag: invalid CIDR address");
            return null;
        },
    };

    private readonly Option<bool> _allocateNodeCidrs = new("--allocate-node-cidrs") { Description = "Should CIDRs for pods be allocated and set on the nodes." };

    private readonly Option<int> _nodeCidrMaskSize = new("--node-cidr-mask-size") { Description = "Mask size for a node's CIDR: 24 for IPv4 and 64 for IPv6 by default." };

    private readonly Option<TimeSpan> _nodeMonitorPeriod =
        GoDuration.Option("--node-monitor-period", Defaults.NodeMonitorPeriod, "The period for looking at the state of nodes.");

    private readonly Option<TimeSpan> _nodeMonitorGracePeriod = GoDuration.Option(
        "--node-monitor-grace-period", Defaults.NodeMonitorGracePeriod, "How long a running node may be silent before it is marked unhealthy.");

    private readonly Option<TimeSpan> _nodeStartupGracePeriod = GoDuration.Option(
        "--node-startup-grace-period", Defaults.NodeStartupGracePeriod, "How long a starting node may be silent before it is marked unhealthy.");

    private readonly Option<double> _evictionRate =
        Rate("--node-eviction-rate", Defaults.NodeEvictionRate, "Number of nodes per second on which pods are deleted in case of node failure when a zone is healthy.");

    private readonly Option<double> _secondaryEvictionRate = Rate(
        "--secondary-node-eviction-rate", Defaults.SecondaryNodeEvictionRate, "The same when a zone is unhealthy; 0 for a zone of no more nodes than --large-cluster-size-threshold.");

    private readonly Option<int> _largeClusterSize =
        Count("--large-cluster-size-threshold", Defaults.LargeClusterSizeThreshold, "Number of nodes from which a zone is treated as large for the eviction of pods.");

    private readonly Option<double> _unhealthyZone = Rate(
        "--unhealthy-zone-threshold", Defaults.UnhealthyZoneThreshold, "Fraction of nodes in a zone which needs to be not Ready (minimum 3) for the zone to be treated as unhealthy.");

    private readonly Option<TimeSpan> _quotaSyncPeriod = GoDuration.Option(
        "--resource-quota-sync-period", Defaults.ResourceQuotaSyncPeriod, "The period for syncing quota usage status in the system.");

    private readonly Option<int> _terminatedPods =
        Count("--terminated-pod-gc-threshold", Defaults.TerminatedPodGarbageThreshold, "Number of terminated pods that can exist before the oldest are deleted; 0 keeps all.");

    private readonly Option<bool> _hostPathProvisioner = new("--enable-hostpath-provisioner") { Description = "Enable HostPath PV provisioning: volumes are directories of nodes." };

    private readonly Option<TimeSpan> _autoscalerPeriod = GoDuration.Option(
        "--horizontal-pod-autoscaler-sync-period", Defaults.HorizontalPodAutoscalerSyncPeriod, "The period for syncing the number of pods in horizontal pod autoscaler.");

    private readonly Option<TimeSpan> _downscale = GoDuration.Option(
        "--horizontal-pod-autoscaler-downscale-stabilization",
        Defaults.HorizontalPodAutoscalerDownscaleStabilization,
        "The period for which autoscaler will look backwards and not scale down below any recommendation it made during that period.");

    private readonly Option<int> _autoscalers =
        Syncs("--concurrent-horizontal-pod-autoscaler-syncs", Defaults.ConcurrentHorizontalPodAutoscalerSyncs, "horizontal pod autoscalers");

    private readonly Option<int> _replicationControllers = Syncs("--concurrent-rc-syncs", Defaults.ConcurrentReplicationControllerSyncs, "replication controllers");
    private readonly Option<int> _replicaSets = Syncs("--concurrent-replicaset-syncs", Defaults.ConcurrentReplicaSetSyncs, "replica sets");
    private readonly Option<int> _deployments = Syncs("--concurrent-deployment-syncs", Defaults.ConcurrentDeploymentSyncs, "deployments");
    private readonly Option<int> _daemonSets = Syncs("--concurrent-daemonset-syncs", Defaults.ConcurrentDaemonSetSyncs, "daemon sets");
    private readonly Option<int> _statefulSets = Syncs("--concurrent-statefulset-syncs", Defaults.ConcurrentStatefulSetSyncs, "stateful sets");
    private readonly Option<int> _jobs = Syncs("--concurrent-job-syncs", Defaults.ConcurrentJobSyncs, "jobs");
    private readonly Option<int> _cronJobs = Syncs("--concurrent-cron-job-syncs", Defaults.ConcurrentCronJobSyncs, "cron jobs");
    private readonly Option<int> _finished = Syncs("--concurrent-ttl-after-finished-syncs", Defaults.ConcurrentTtlAfterFinishedSyncs, "finished jobs");
    private readonly Option<int> _endpoints = Syncs("--concurrent-endpoint-syncs", Defaults.ConcurrentEndpointSyncs, "endpoints");
    private readonly Option<int> _serviceEndpoints = Syncs("--concurrent-service-endpoint-syncs", Defaults.ConcurrentServiceEndpointSyncs, "services for their endpoint slices");
    private readonly Option<int> _mirrored = Syncs("--mirroring-concurrent-service-endpoint-syncs", Defaults.MirroringConcurrentServiceEndpointSyncs, "endpoints for the slices that mirror them");
    private readonly Option<int> _namespaces = Syncs("--concurrent-namespace-syncs", Defaults.ConcurrentNamespaceSyncs, "namespaces");
    private readonly Option<int> _garbage = Syncs("--concurrent-gc-syncs", Defaults.ConcurrentGarbageCollectorSyncs, "objects in garbage collection");

    private readonly LeaderElectionFlags _leaderElection;

    public ControllerManagerFlags(Command command, string component)
    {
        Option[] options =
        [
            _kubeconfig, _controllers, _useServiceAccounts, _rootCa, _privateKey, _signingCertificate, _signingKey, _signingDuration, _approveServing, _clusterCidr, _allocateNodeCidrs, _nodeCidrMaskSize, _nodeMonitorPeriod, _nodeMonitorGracePeriod,
            _nodeStartupGracePeriod, _evictionRate, _secondaryEvictionRate, _largeClusterSize, _unhealthyZone, _quotaSyncPeriod, _terminatedPods, _autoscalerPeriod, _downscale, _autoscalers, _hostPathProvisioner, _replicationControllers, _replicaSets, _deployments, _daemonSets, _statefulSets, _jobs, _cronJobs, _finished, _endpoints, _serviceEndpoints, _mirrored, _namespaces, _garbage,
        ];
        foreach (var option in options)
        {
            command.Options.Add(option);
        }

        _leaderElection = new LeaderElectionFlags(command, component);
        command.Validators.Add(result =>
        {
            if (result.GetValue(_signingCertificate) is null != result.GetValue(_signingKey) is null)
            {
                result.AddError("cannot specify only one of --cluster-signing-cert-file and --cluster-signing-key-file");
            }
        });
    }

    public string? Kubeconfig(ParseResult result) => result.GetValue(_kubeconfig);

    public LeaderElectionOptions LeaderElection(ParseResult result) => _leaderElection.Options(result);

    public ControllerManagerOptions Options(ParseResult result) => new()
    {
        Controllers = result.GetValue(_controllers) ?? Defaults.Controllers,
        UseServiceAccountCredentials = result.GetValue(_useServiceAccounts),
        RootCaFile = result.GetValue(_rootCa),
        ServiceAccountPrivateKeyFile = result.GetValue(_privateKey),
        ClusterSigningCertFile = result.GetValue(_signingCertificate),
        ClusterSigningKeyFile = result.GetValue(_signingKey),
        ClusterSigningDuration = result.GetValue(_signingDuration),
        ApproveKubeletServingCertificates = result.GetValue(_approveServing),
        ClusterCidr = result.GetValue(_clusterCidr),
        AllocateNodeCidrs = result.GetValue(_allocateNodeCidrs),
        NodeCidrMaskSize = result.GetValue(_nodeCidrMaskSize) is > 0 and var size ? size : null,
        NodeMonitorPeriod = result.GetValue(_nodeMonitorPeriod),
        NodeMonitorGracePeriod = result.GetValue(_nodeMonitorGracePeriod),
        NodeStartupGracePeriod = result.GetValue(_nodeStartupGracePeriod),
        NodeEvictionRate = result.GetValue(_evictionRate),
        SecondaryNodeEvictionRate = result.GetValue(_secondaryEvictionRate),
        LargeClusterSizeThreshold = result.GetValue(_largeClusterSize),
        UnhealthyZoneThreshold = result.GetValue(_unhealthyZone),
        ResourceQuotaSyncPeriod = result.GetValue(_quotaSyncPeriod),
        TerminatedPodGarbageThreshold = result.GetValue(_terminatedPods),
        EnableHostPathProvisioner = result.GetValue(_hostPathProvisioner),
        HorizontalPodAutoscalerSyncPeriod = result.GetValue(_autoscalerPeriod),
        HorizontalPodAutoscalerDownscaleStabilization = result.GetValue(_downscale),
        ConcurrentHorizontalPodAutoscalerSyncs = result.GetValue(_autoscalers),
        ConcurrentReplicationControllerSyncs = result.GetValue(_replicationControllers),
        ConcurrentReplicaSetSyncs = result.GetValue(_replicaSets),
        ConcurrentDeploymentSyncs = result.GetValue(_deployments),
        ConcurrentDaemonSetSyncs = result.GetValue(_daemonSets),
        ConcurrentStatefulSetSyncs = result.GetValue(_statefulSets),
        ConcurrentJobSyncs = result.GetValue(_jobs),
        ConcurrentCronJobSyncs = result.GetValue(_cronJobs),
        ConcurrentTtlAfterFinishedSyncs = result.GetValue(_finished),
        ConcurrentEndpointSyncs = result.GetValue(_endpoints),
        ConcurrentServiceEndpointSyncs = result.GetValue(_serviceEndpoints),
        MirroringConcurrentServiceEndpointSyncs = result.GetValue(_mirrored),
        ConcurrentNamespaceSyncs = result.GetValue(_namespaces),
        ConcurrentGarbageCollectorSyncs = result.GetValue(_garbage),
    };

    private static Option<int> Syncs(string name, int defaultValue, string what) =>
        Count(name, defaultValue, $"The number of {what} that are synced at once. Larger is more responsive and takes more CPU and network.");

    private static Option<double> Rate(string name, double defaultValue, string description) =>
        new(name) { Description = description, DefaultValueFactory = _ => defaultValue };

    private static Option<int> Count(string name, int defaultValue, string description) =>
        new(name) { Description = description, DefaultValueFactory = _ => defaultValue };
}
