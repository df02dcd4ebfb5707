using System.CommandLine;

using MiniKube.Api.Meta;
using MiniKube.Hosting;

namespace MiniKube.Client.LeaderElection;

/// <summary>The flags --leader-elect and --leader-elect-*, named and defaulted as upstream's.</summary>
public sealed class LeaderElectionFlags
{
    private static readonly LeaderElectionOptions Defaults = new() { Lease = default };

    private readonly Option<bool> _leaderElect = new("--leader-elect")
    {
        Description = "Start a leader election client and gain leadership before executing the main loop.",
        DefaultValueFactory = _ => true,
    };

    private readonly Option<TimeSpan> _leaseDuration = GoDuration.Option(
        "--leader-elect-lease-duration", Defaults.LeaseDuration, "How long candidates wait after observing a renewal before they take over.");

    private readonly Option<TimeSpan> _renewDeadline = GoDuration.Option(
        "--leader-elect-renew-deadline", Defaults.RenewDeadline, "How long a leader tries to renew before it stops leading. Less than the lease duration.");

    private readonly Option<TimeSpan> _retryPeriod = GoDuration.Option(
        "--leader-elect-retry-period", Defaults.RetryPeriod, "How long clients wait between tries of acquisition and renewal.");

    private readonly Option<string> _resourceLock = new("--leader-elect-resource-lock")
    {
        Description = "The type of the resource that is used for locking.",
        DefaultValueFactory = _ => "leases",
    };

    private readonly Option<string> _resourceName;
    private readonly Option<string> _resourceNamespace = new("--leader-elect-resource-namespace")
    {
        Description = "The namespace of the resource that is used for locking.",
        DefaultValueFactory = _ => "kube-system",
    };

    /// <param name="command">Gets the options.</param>
    /// <param name="component">The Lease's name if no flag says another.</param>
    public LeaderElectionFlags(Command command, string component)
    {
        _resourceName = new Option<string>("--leader-elect-resource-name")
        {
            Description = "The name of the resource that is used for locking.",
            DefaultValueFactory = _ => component,
        };
        _resourceLock.AcceptOnlyFromAmong("leases");
        foreach (var option in (Option[])[_leaderElect, _leaseDuration, _renewDeadline, _retryPeriod, _resourceLock, _resourceName, _resourceNamespace])
        {
            command.Options.Add(option);
        }

        command.Validators.Add(result =>
        {
            // Options that were not given have no value yet.
            TimeSpan Given(Option<TimeSpan> option, TimeSpan otherwise) => result.GetResult(option) is null ? otherwise : result.GetValue(option);
            if (!result.Errors.Any() && Times(Given).Validate() is { } problem)
            {
                result.AddError(problem);
            }
        });
    }

    public LeaderElectionOptions Options(ParseResult result) => new()
    {
        LeaderElect = result.GetValue(_leaderElect),
        LeaseDuration = result.GetValue(_leaseDuration),
        RenewDeadline = result.GetValue(_renewDeadline),
        RetryPeriod = result.GetValue(_retryPeriod),
        Lease = new NamespacedName(result.GetValue(_resourceNamespace) ?? "", result.GetValue(_resourceName) ?? ""),
    };

    private LeaderElectionOptions Times(Func<Option<TimeSpan>, TimeSpan, TimeSpan> given) => Defaults with
    {
        LeaseDuration = given(_leaseDuration, Defaults.LeaseDuration),
        RenewDeadline = given(_renewDeadline, Defaults.RenewDeadline),
        RetryPeriod = given(_retryPeriod, Defaults.RetryPeriod),
    };
}
