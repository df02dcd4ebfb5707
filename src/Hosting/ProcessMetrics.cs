using System.Diagnostics;

using Prometheus;

namespace MiniKube.Hosting;

/// <summary>What every process with Prometheus' metrics tells of itself, by the names that its Go client gives.</summary>
internal static class ProcessMetrics
{
    private const string OpenFiles = "/proc/self/fd";

    public static void Register(IMetricFactory metrics, CollectorRegistry registry)
    {
        var cpu = metrics.CreateCounter("process_cpu_seconds_total", "Seconds of CPU that the process has used.");
        var resident = metrics.CreateGauge("process_resident_memory_bytes", "Memory that the process holds.");
        var files = metrics.CreateGauge("process_open_fds", "Files and sockets that the process has open.");
        var started = metrics.CreateGauge("process_start_time_seconds", "When the process began, in seconds since 1970.");
        registry.AddBeforeCollectCallback(() =>
        {
            using var self = Process.GetCurrentProcess();
            cpu.IncTo(self.TotalProcessorTime.TotalSeconds);
            resident.Set(self.WorkingSet64);
            files.Set(Directory.Exists(OpenFiles) ? Directory.EnumerateFileSystemEntries(OpenFiles).Count() : self.HandleCount);
            started.Set(new DateTimeOffset(self.StartTime).ToUnixTimeMilliseconds() / 1000.0);
        });
    }
}
