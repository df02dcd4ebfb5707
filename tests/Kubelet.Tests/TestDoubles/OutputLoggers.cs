using Microsoft.Extensions.Logging;

namespace MiniKube.Kubelet.Tests.TestDoubles;

/// <summary>Shows what is logged with the test's output, for when it fails.</summary>
internal sealed class OutputLoggers(ITestOutputHelper? output) : ILoggerProvider, ILogger
{
    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => output is not null;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        output?.WriteLine($"{logLevel}: {formatter(state, exception)} {exception}");

    public void Dispose()
    {
    }
}
