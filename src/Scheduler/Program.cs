using MiniKube.Scheduler;
using MiniKube.Hosting;

return await ComponentProgram.RunAsync(SchedulerCommand.Create(), args);
