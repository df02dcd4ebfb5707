using Serilog.Events;

namespace MiniKube.Hosting;

/// <summary>How a process logs: to standard error, one line an entry.</summary>
public sealed record LoggingOptions
{
    /// <summary>klog's verbosity (<c>--v</c>): up to 2 is Information, 3 and 4 Debug, more is Verbose.</summary>
    public int Verbosity { get; init; }

    internal LogEventLevel MinimumLevel => Verbosity switch
    {
        <= 2 => LogEventLevel.Information,
        <= 4 => LogEventLevel.Debug,
        _ => LogEventLevel.Verbose,
    };
}
