using MiniKube.Hosting.Commands;

namespace MiniKube.Proxy.Applying;

/// <summary>Makes the kernel forget connections, where the command conntrack is installed.</summary>
internal sealed partial class ConntrackCleaner(ICommandRunner commands, ILogger<ConntrackCleaner> logger)
{
    public async Task ForgetAsync(IEnumerable<ConntrackFlow> flows, CancellationToken cancellationToken)
    {
        try
        {
            foreach (var flow in flows)
            {
                // It also "fails" when there was no such connection: nearly always.
                await commands.RunAsync("conntrack", flow.Arguments, "", cancellationToken);
            }
        }
        catch (CommandException exception)
        {
            Log.NotThere(logger, exception.Message);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "Stale connections are kept until they time out: {Reason}")]
        public static partial void NotThere(ILogger logger, string reason);
    }
}
